with

days as (
    select * from {{ ref('fct_intent_days') }}
    where second_label is not null
),

periods as (
    select * from {{ ref('dim_periods') }}
),

pairs as (
    select
        periods.business_id,
        periods.period,
        days.first_label,
        days.second_label,
        sum(days.messages) as messages
    from periods
    inner join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    group by all
),

opinions as (
    select
        business_id,
        period,
        first_label as intent,
        messages as firsts,
        0 as seconds
    from pairs

    union all

    select
        business_id,
        period,
        second_label as intent,
        0 as firsts,
        messages as seconds
    from pairs
),

labels as (
    select
        business_id,
        period,
        intent,
        sum(firsts) as firsts,
        sum(seconds) as seconds
    from opinions
    group by all
),

-- How often both would give the same label if neither looked at the message.
chances as (
    select
        business_id,
        period,
        cast(sum(firsts) as bigint) as messages,
        sum(firsts * seconds) as chance
    from labels
    group by all
),

agreements as (
    select
        business_id,
        period,
        cast(sum(messages) filter (where first_label = second_label) as bigint) as agreed
    from pairs
    group by all
)

select
    chances.business_id,
    chances.period,

    chances.messages as double_labelled_messages,
    coalesce(agreements.agreed, 0) as agreed_messages,
    coalesce(agreements.agreed, 0) / nullif(chances.messages, 0) as observed_agreement,
    {{ cohen_kappa('coalesce(agreements.agreed, 0)', 'chances.messages', 'chances.chance') }}
        as kappa
from chances
inner join agreements
    on
        chances.business_id = agreements.business_id
        and chances.period = agreements.period
