with

measures as (
    select
        *,
        {{ measure_amounts() }} as amounts
    from {{ ref('fct_period_measures') }}
),

quantiles as (
    select * from {{ ref('fct_period_quantiles') }}
),

kpis as (
    select
        *,
    {% for role in ['numerator', 'denominator', 'deviation'] -%}
        {{ measure_position(role) }} as {{ role }}_position{{ "," if not loop.last }}
    {% endfor %}
    from {{ ref('dim_kpis') }}
),

measured as (
    select
        measures.business_id,
        measures.period,
        measures.span,
        measures.dimension,
        measures.segment,
        kpis.kpi,
        kpis.kind,
        kpis.scale,
        kpis.lowest,
        kpis.highest,
        measures.qualified_sessions,
        measures.settled_sessions / nullif(measures.qualified_sessions, 0) as share_settled,
        measures.mature_sessions / nullif(measures.qualified_sessions, 0) as share_mature,
        {{ is_comparable() }} as is_comparable,
        -- A period without a session counts none; of the time before the first nothing is known.
        case
            when kpis.kind = 'count' and measures.span = 'current'
                then coalesce(measures.amounts[kpis.numerator_position], 0)
            else measures.amounts[kpis.numerator_position]
        end as numerator,
        measures.amounts[kpis.denominator_position] as denominator,
        measures.amounts[kpis.deviation_position] as deviation
    from measures
    cross join kpis
    -- What a segment has nothing of is left out; the whole shows that there is nothing.
    where
        measures.dimension = 'all'
        or measures.amounts[kpis.denominator_position] > 0
        or (kpis.kind = 'count' and measures.amounts[kpis.numerator_position] > 0)
),

observed as (
    select
        *,
        -- Weighted observations tell as much as this many drawn with one chance for all.
        case kind
            when 'weighted_rate' then denominator * denominator / nullif(deviation, 0)
            else denominator
        end as observations
    from measured
)

select
    observed.business_id,
    observed.period,
    observed.span,
    observed.dimension,
    observed.segment,
    observed.kpi,

    observed.is_comparable,

    coalesce({{ estimated_value() }}, quantiles.value) as value,
    coalesce({{ estimated_bound('lower') }}, quantiles.lower) as lower,
    coalesce({{ estimated_bound('upper') }}, quantiles.upper) as upper,
    observed.numerator,
    observed.denominator,
    observed.observations,
    observed.qualified_sessions,
    observed.share_settled,
    observed.share_mature
from observed
left join quantiles
    on
        {{ same_cell('observed', 'quantiles') }}
        and observed.kpi = quantiles.kpi
