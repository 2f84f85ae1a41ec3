with

periods as (
    select * from {{ ref('dim_periods') }}
),

days as (
    select * from {{ ref('fct_intent_days') }}
    where true_intent is not null
)

select
    periods.business_id,
    periods.period,
    days.predicted_intent,
    days.true_intent,

    days.is_correct,

    cast(sum(days.messages) as bigint) as messages,
    {{ exact_sum('days.messages * days.label_weight') }} as weighted_messages,

    periods.period_start,
    periods.period_end
from periods
inner join days
    on
        periods.business_id = days.business_id
        and days.session_date between periods.period_start and periods.period_end
group by all
