with

measures as (
    select * from {{ ref('fct_weekday_measures') }}
    where is_mature
),

kpis as (
    select * from {{ ref('dim_kpis') }}
    where kind in ('rate', 'weighted_rate', 'mean', 'nps')
),

weekdays as (
    select
        measures.business_id,
        measures.span,
        measures.weekday,
        kpis.kpi,
        kpis.kind,
        kpis.scale,
        kpis.lowest,
        kpis.highest,
        max(measures.amount) filter (where measures.measure = kpis.numerator) as numerator,
        max(measures.amount) filter (where measures.measure = kpis.denominator) as denominator,
        max(measures.amount) filter (where measures.measure = kpis.deviation) as deviation
    from measures
    inner join kpis
        on measures.measure in (kpis.numerator, kpis.denominator, kpis.deviation)
    group by all
    having
        max(measures.amount) filter (where measures.measure = kpis.numerator) is not null
        and max(measures.amount) filter (where measures.measure = kpis.denominator) > 0
),

-- Only weekdays that both spans have can be held fixed.
shared as (
    select
        weekdays.*,
        baselines.denominator as baseline_denominator,
        case weekdays.kind
            when 'weighted_rate'
                then weekdays.denominator * weekdays.denominator / nullif(weekdays.deviation, 0)
            else weekdays.denominator
        end as weekday_observations
    from weekdays
    inner join weekdays as baselines
        on
            weekdays.business_id = baselines.business_id
            and weekdays.weekday = baselines.weekday
            and weekdays.kpi = baselines.kpi
            and baselines.span = 'baseline'
    inner join weekdays as currents
        on
            weekdays.business_id = currents.business_id
            and weekdays.weekday = currents.weekday
            and weekdays.kpi = currents.kpi
            and currents.span = 'current'
),

-- Each weekday weighs what it weighed in the baseline. Weighted observations tell as much as this
-- many drawn with one chance for all (Kish).
weighted as (
    select
        business_id,
        span,
        kpi,
        kind,
        scale,
        lowest,
        highest,
        {{ exact_sum('baseline_denominator') }} as weight,
        {{ exact_sum('baseline_denominator * numerator / denominator') }} as weighted_numerator,
        {{ exact_sum('baseline_denominator * deviation / denominator') }} as weighted_deviation,
        {{ exact_sum('baseline_denominator * baseline_denominator / weekday_observations') }}
            as weight_squares
    from shared
    group by all
),

measured as (
    select
        business_id,
        span,
        kpi,
        kind,
        scale,
        lowest,
        highest,
        weight * weight / nullif(weight_squares, 0) as observations,
        weight * weight / nullif(weight_squares, 0) as denominator,
        weight * weighted_numerator / nullif(weight_squares, 0) as numerator,
        weight * weighted_deviation / nullif(weight_squares, 0) as deviation,
        cast(null as double) as quantile,
        cast(null as double[]) as ranked
    from weighted
)

select
    business_id,
    span,
    kpi,

    {{ estimated_value() }} as value,
    {{ estimated_bound('lower') }} as lower,
    {{ estimated_bound('upper') }} as upper,
    observations
from measured
