with

periods as (
    select * from {{ ref('dim_periods') }}
),

days as (
    select * from {{ ref('fct_intent_days') }}
),

estimates as (
    select * from {{ ref('fct_intent_estimates') }}
    where intent is not null
),

taken as (
    select
        periods.business_id,
        periods.period,
        days.predicted_class as intent,
        cast(sum(days.messages) as bigint) as messages,
        {{ total_where('days.messages', 'days.is_correct is not null') }} as labelled_messages,
        cast(sum(days.mature_sessions) as bigint) as mature_sessions,
        cast(sum(days.converted_sessions) as bigint) as converted_sessions
    from periods
    inner join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    where days.predicted_class is not null
    group by all
),

meant as (
    select
        periods.business_id,
        periods.period,
        days.true_class as intent,
        cast(sum(days.messages) as bigint) as true_messages
    from periods
    inner join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    where days.true_class is not null
    group by all
),

sums as (
    select
        coalesce(taken.business_id, meant.business_id) as business_id,
        coalesce(taken.period, meant.period) as period,
        coalesce(taken.intent, meant.intent) as intent,
        coalesce(taken.messages, 0) as messages,
        coalesce(taken.labelled_messages, 0) as labelled_messages,
        coalesce(meant.true_messages, 0) as true_messages,
        coalesce(taken.mature_sessions, 0) as mature_sessions,
        coalesce(taken.converted_sessions, 0) as converted_sessions
    from taken
    full outer join meant
        on
            taken.business_id = meant.business_id
            and taken.period = meant.period
            and taken.intent = meant.intent
),

shares as (
    select
        business_id,
        period,
        intent,
        {{ estimate_of('precision') }} as precision,
        {{ estimate_of('precision', 'lower') }} as precision_lower,
        {{ estimate_of('precision', 'upper') }} as precision_upper,
        {{ estimate_of('recall') }} as recall,
        {{ estimate_of('recall', 'lower') }} as recall_lower,
        {{ estimate_of('recall', 'upper') }} as recall_upper,
        {{ estimate_of('f1') }} as f1,
        {{ estimate_of('no_match') }} as no_match_share,
        min(effective_labels) filter (
            where estimate in ('precision', 'recall')
        ) as effective_labels
    from estimates
    group by all
)

select
    sums.business_id,
    sums.period,
    sums.intent,

    {{ measured_status('shares.effective_labels', 30) }} as status,
    {{ measured_status('sums.mature_sessions', 5) }} as conversion_status,

    sums.messages,
    sums.true_messages,
    sums.labelled_messages,
    coalesce(shares.effective_labels, 0) as effective_labels,
    shares.precision,
    shares.precision_lower,
    shares.precision_upper,
    shares.recall,
    shares.recall_lower,
    shares.recall_upper,
    shares.f1,
    shares.no_match_share,
    sums.mature_sessions,
    sums.converted_sessions,
    sums.converted_sessions / nullif(sums.mature_sessions, 0) as conversion,
    {{ wilson('sums.converted_sessions', 'sums.mature_sessions', 'lower') }} as conversion_lower,
    {{ wilson('sums.converted_sessions', 'sums.mature_sessions', 'upper') }} as conversion_upper,

    periods.period_start,
    periods.period_end
from sums
inner join periods
    on
        sums.business_id = periods.business_id
        and sums.period = periods.period
left join shares
    on
        sums.business_id = shares.business_id
        and sums.period = shares.period
        and sums.intent = shares.intent
