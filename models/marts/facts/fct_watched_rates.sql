with

measures as (
    select * from {{ ref('fct_period_measures') }}
    where
        period = 'last_7_days'
        and dimension = 'all'
),

spans as (
    select * from {{ ref('dim_spans') }}
    where period = 'last_28_days'
),

leads as (
    select * from {{ ref('fct_leads') }}
    where not is_deleted
),

counted as (
    select
        business_id,
        'handoff_jump' as alert,
        span,
        handoff_sessions as hits,
        bot_sessions as observations
    from measures

    union all

    select
        spans.business_id,
        'session_id_drop' as alert,
        spans.span,
        {{ count_where("leads.match_method = 'session_id'") }} as hits,
        count(*) as observations
    from spans
    inner join leads
        on
            spans.business_id = leads.business_id
            and leads.created_date between spans.span_start and spans.span_end
    group by all
),

estimated as (
    select
        business_id,
        alert,
        span,
        hits / nullif(observations, 0) as value,
        {{ wilson('hits', 'observations', 'lower') }} as lower,
        {{ wilson('hits', 'observations', 'upper') }} as upper
    from counted
    where observations >= {{ var('fewest_sessions') }}
)

select
    now_rates.business_id,
    now_rates.alert,

    {{ is_different(
        'now_rates.value', 'now_rates.lower', 'now_rates.upper',
        'before_rates.value', 'before_rates.lower', 'before_rates.upper'
    ) }} as is_different,

    cast(now_rates.value as double) as value,
    cast(before_rates.value as double) as value_before
from estimated as now_rates
inner join estimated as before_rates
    on
        now_rates.business_id = before_rates.business_id
        and now_rates.alert = before_rates.alert
        and before_rates.span = 'previous'
where now_rates.span = 'current'
