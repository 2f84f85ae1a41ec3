with

periods as (
    select * from {{ ref('dim_periods') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

targets as (
    select * from {{ ref('dim_targets') }}
),

measures as (
    select * from {{ ref('fct_period_measures') }}
),

maturities as (
    select
        business_id,
        period,
        max(amount) filter (where measure = 'mature_sessions')
        / nullif(max(amount) filter (where measure = 'qualified_sessions'), 0) as share_mature
    from measures
    where span = 'current'
    group by
        business_id,
        period
),

spans as (
    select 'current' as span

    union all

    select 'previous' as span
),

measured as (
    select
        periods.business_id,
        periods.period,
        periods.period_start,
        periods.period_end,
        spans.span,
        kpis.kpi,
        kpis.kind,
        kpis.scale,
        kpis.quantile,
        numerators.amount as numerator,
        denominators.amount as denominator,
        deviations.amount as deviation,
        numerators.ranked
    from periods
    cross join spans
    cross join kpis
    left join measures as numerators
        on {{ same_measure('numerators', 'numerator') }}
    left join measures as denominators
        on {{ same_measure('denominators', 'denominator') }}
    left join measures as deviations
        on {{ same_measure('deviations', 'deviation') }}
),

estimated as (
    select
        *,
        {{ estimated_value() }} as value,
        {{ estimated_bound('lower') }} as lower,
        {{ estimated_bound('upper') }} as upper
    from measured
),

compared as (
    select
        current_estimates.*,
        kpis.direction,
        kpis.minimum_observations,
        targets.target,
        case
            when previous_estimates.denominator >= kpis.minimum_observations
                then previous_estimates.value
        end as previous_value,
        previous_estimates.lower as previous_lower,
        previous_estimates.upper as previous_upper
    from estimated as current_estimates
    inner join kpis
        on current_estimates.kpi = kpis.kpi
    left join estimated as previous_estimates
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
        when compared.denominator >= compared.minimum_observations
            then {{ is_different(
                'value', 'lower', 'upper', 'previous_value', 'previous_lower', 'previous_upper'
            ) }}
    end as is_change_significant,

    compared.value,
    compared.lower,
    compared.upper,
    compared.numerator,
    compared.denominator,
    compared.target,
    compared.previous_value,
    compared.value - compared.previous_value as change,
    maturities.share_mature,

    compared.period_start,
    compared.period_end
from compared
left join maturities
    on
        compared.business_id = maturities.business_id
        and compared.period = maturities.period
