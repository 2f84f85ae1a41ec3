with

estimates as (
    select * from {{ ref('fct_period_kpis') }}
),

measures as (
    select * from {{ ref('fct_period_measures') }}
    where span = 'current'
),

periods as (
    select * from {{ ref('dim_periods') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

targets as (
    select * from {{ ref('dim_targets') }}
),

maturities as (
    select
        business_id,
        period,
        max(amount) filter (where measure = 'mature_sessions')
        / nullif(max(amount) filter (where measure = 'qualified_sessions'), 0) as share_mature
    from measures
    group by
        business_id,
        period
),

compared as (
    select
        current_estimates.business_id,
        current_estimates.period,
        current_estimates.kpi,
        current_estimates.value,
        current_estimates.lower,
        current_estimates.upper,
        current_estimates.numerator,
        current_estimates.denominator,
        current_estimates.observations,
        kpis.kind,
        kpis.direction,
        kpis.minimum_observations,
        targets.target,
        previous_estimates.lower as previous_lower,
        previous_estimates.upper as previous_upper,
        case
            when
                kpis.kind = 'count'
                or previous_estimates.observations >= kpis.minimum_observations
                then previous_estimates.value
        end as previous_value
    from estimates as current_estimates
    inner join kpis
        on current_estimates.kpi = kpis.kpi
    left join estimates as previous_estimates
        on
            current_estimates.business_id = previous_estimates.business_id
            and current_estimates.period = previous_estimates.period
            and current_estimates.kpi = previous_estimates.kpi
            and previous_estimates.span = 'previous'
    left join targets
        on
            current_estimates.business_id = targets.business_id
            and current_estimates.kpi = targets.kpi
    where current_estimates.span = 'current'
)

select
    compared.business_id,
    compared.period,
    compared.kpi,

    {{ light() }} as status,

    case
        when compared.observations >= compared.minimum_observations
            then {{ is_different(
                'value', 'lower', 'upper', 'previous_value', 'previous_lower', 'previous_upper'
            ) }}
    end as is_change_significant,

    compared.value,
    compared.lower,
    compared.upper,
    compared.numerator,
    compared.denominator,
    compared.observations,
    compared.target,
    compared.previous_value,
    compared.value - compared.previous_value as change,
    maturities.share_mature,

    periods.period_start,
    periods.period_end
from compared
inner join periods
    on
        compared.business_id = periods.business_id
        and compared.period = periods.period
left join maturities
    on
        compared.business_id = maturities.business_id
        and compared.period = maturities.period
