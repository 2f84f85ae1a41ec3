with

periods as (
    select * from {{ ref('dim_periods') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

measures as (
    select * from {{ ref('fct_period_measures') }}
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
        spans.span,
        kpis.kpi,
        kpis.kind,
        kpis.scale,
        kpis.lowest,
        kpis.highest,
        kpis.quantile,
        -- A period without a session counts none; of the time before the first nothing is known.
        case
            when kpis.kind = 'count' and spans.span = 'current'
                then coalesce(numerators.amount, 0)
            else numerators.amount
        end as numerator,
        denominators.amount as denominator,
        deviations.amount as deviation,
        -- Weighted observations tell as much as this many drawn with one chance for all.
        case kpis.kind
            when 'weighted_rate'
                then denominators.amount * denominators.amount / nullif(deviations.amount, 0)
            else denominators.amount
        end as observations,
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
)

select
    business_id,
    period,
    span,
    kpi,

    {{ estimated_value() }} as value,
    {{ estimated_bound('lower') }} as lower,
    {{ estimated_bound('upper') }} as upper,
    numerator,
    denominator,
    observations
from measured
