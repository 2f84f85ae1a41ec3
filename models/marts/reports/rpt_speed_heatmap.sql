with

periods as (
    select * from {{ ref('dim_periods') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
    where is_qualified
),

kpis as (
    select * from {{ ref('dim_kpis') }}
    where kpi = 'ttr_median_seconds'
),

targets as (
    select * from {{ ref('dim_targets') }}
    where kpi = 'ttr_median_seconds'
),

counted as (
    select
        periods.business_id,
        periods.period,
        sessions.weekday,
        sessions.hour,
        periods.period_start,
        periods.period_end,
        {{ session_measure('qualified_sessions') }} as qualified_sessions,
        {{ session_measure('unanswered_sessions') }} as unanswered_sessions,
        {{ session_measure('ttr_sessions') }} as numerator,
        {{ session_measure('rankable_sessions') }} as denominator,
        {{ sorted_list('ttr_seconds') }} as ranked
    from periods
    inner join sessions
        on
            periods.business_id = sessions.business_id
            and sessions.session_date between periods.period_start and periods.period_end
    group by all
),

ranked as (
    select
        counted.*,
        counted.denominator as observations,
        kpis.kind,
        kpis.direction,
        kpis.quantile,
        kpis.minimum_observations,
        targets.target
    from counted
    cross join kpis
    left join targets
        on counted.business_id = targets.business_id
),

estimated as (
    select
        *,
        {{ interpolated_rank('(denominator - 1) * quantile') }} as value,
        {{ rank_bound('lower') }} as lower,
        {{ rank_bound('upper') }} as upper,
        {{ interpolated_rank('(denominator - 1) * 0.9') }} as ttr_p90_seconds
    from ranked
)

select
    business_id,
    period,
    weekday,
    hour,

    {{ segment_light() }} as status,

    qualified_sessions as sessions,
    unanswered_sessions,
    value as ttr_median_seconds,
    lower as ttr_median_lower,
    upper as ttr_median_upper,
    ttr_p90_seconds,
    target,

    period_start,
    period_end
from estimated
