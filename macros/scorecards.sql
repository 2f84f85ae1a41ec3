{#- The steps up to `compared`: every KPI of the whole or of its segments, as `condition` says, beside
    the span before. Both spans of a cell are brought together while it is one row, before its KPIs
    are rows: a thousand businesses have millions of them. -#}

{% macro compared_kpis(condition) -%}
{%- set cell = ['business_id', 'period', 'dimension', 'segment'] -%}
{%- set counts = ['qualified_sessions', 'settled_sessions', 'mature_sessions'] -%}
periods as (
    select * from {{ ref('dim_periods') }}
),

targets as (
    select * from {{ ref('dim_targets') }}
),

quantiles as (
    select * from {{ ref('fct_period_quantiles') }}
    where {{ condition }}
),

kpis as (
    select
        *,
        {{ measure_position('numerator') }} as numerator_position,
        {{ measure_position('denominator') }} as denominator_position,
        {{ measure_position('deviation') }} as deviation_position
    from {{ ref('dim_kpis') }}
),

measures as (
    select
        *,
        {{ measure_amounts() }} as amounts
    from {{ ref('fct_period_measures') }}
    where {{ condition }}
),

current_measures as (
    select * from measures
    where span = 'current'
),

previous_measures as (
    select * from measures
    where span = 'previous'
),

cells as (
    select
    {% for key in cell -%}
        coalesce(current_measures.{{ key }}, previous_measures.{{ key }}) as {{ key }},
    {% endfor -%}
    {% for count in counts -%}
        current_measures.{{ count }},
        previous_measures.{{ count }} as previous_{{ count }},
    {% endfor %}
        current_measures.amounts,
        previous_measures.amounts as previous_amounts
    from current_measures
    full outer join previous_measures
        on
            current_measures.business_id = previous_measures.business_id
            and current_measures.period = previous_measures.period
            and current_measures.dimension = previous_measures.dimension
            and current_measures.segment = previous_measures.segment
),

-- What a segment has nothing of is left out; the whole shows that there is nothing.
counted as (
    select
        cells.*,
        kpis.kpi,
        kpis.kind,
        kpis.direction,
        kpis.needs,
        kpis.scale,
        kpis.lowest,
        kpis.highest,
        kpis.minimum_observations,
        -- A period without a session counts none; of the time before the first nothing is known.
        case
            when kpis.kind = 'count' then coalesce(cells.amounts[kpis.numerator_position], 0)
            else cells.amounts[kpis.numerator_position]
        end as numerator,
        cells.amounts[kpis.denominator_position] as denominator,
        cells.amounts[kpis.deviation_position] as deviation,
        cells.previous_amounts[kpis.numerator_position] as previous_numerator,
        cells.previous_amounts[kpis.denominator_position] as previous_denominator,
        cells.previous_amounts[kpis.deviation_position] as previous_deviation
    from cells
    cross join kpis
    where
        cells.dimension = 'all'
        or cells.amounts[kpis.denominator_position] > 0
        or cells.previous_amounts[kpis.denominator_position] >= kpis.minimum_observations
        or (
            kpis.kind = 'count'
            and (
                cells.amounts[kpis.numerator_position] > 0
                or cells.previous_amounts[kpis.numerator_position] > 0
            )
        )
),

ranked as (
    select
        counted.*,
        current_quantiles.value as rank_value,
        current_quantiles.lower as rank_lower,
        current_quantiles.upper as rank_upper,
        previous_quantiles.value as previous_rank_value,
        previous_quantiles.lower as previous_rank_lower,
        previous_quantiles.upper as previous_rank_upper,
        -- Weighted observations tell as much as this many drawn with one chance for all.
    {% for prefix in ['', 'previous_'] -%}
        case counted.kind
            when 'weighted_rate'
                then counted.{{ prefix }}denominator * counted.{{ prefix }}denominator
                    / nullif(counted.{{ prefix }}deviation, 0)
            else counted.{{ prefix }}denominator
        end as {{ prefix }}observations{{ "," if not loop.last }}
    {% endfor %}
    from counted
    {% for span in ['current', 'previous'] -%}
    left join quantiles as {{ span }}_quantiles
        on
            {{ span }}_quantiles.span = '{{ span }}'
    {% for key in cell + ['kpi'] -%}
            and counted.{{ key }} = {{ span }}_quantiles.{{ key }}
    {% endfor %}
    {% endfor %}
),

estimated as (
    select
        *,
        {{ is_comparable() }} and {{ is_comparable('previous_') }} as is_comparable,
        coalesce({{ estimated_value() }}, rank_value) as value,
        coalesce({{ estimated_bound('lower') }}, rank_lower) as lower,
        coalesce({{ estimated_bound('upper') }}, rank_upper) as upper,
        case
            when kind = 'count' or previous_observations >= minimum_observations
                then coalesce({{ estimated_value('previous_') }}, previous_rank_value)
        end as previous_value,
        coalesce({{ estimated_bound('lower', 'previous_') }}, previous_rank_lower)
            as previous_lower,
        coalesce({{ estimated_bound('upper', 'previous_') }}, previous_rank_upper)
            as previous_upper
    from ranked
),

compared as (
    select
        estimated.business_id,
        estimated.period,
        estimated.dimension,
        estimated.segment,
        estimated.kpi,
        estimated.kind,
        estimated.direction,
        estimated.minimum_observations,
        estimated.qualified_sessions,
        estimated.value,
        estimated.lower,
        estimated.upper,
        estimated.numerator,
        estimated.denominator,
        estimated.observations,
        estimated.previous_value,
        estimated.settled_sessions / nullif(estimated.qualified_sessions, 0) as share_settled,
        estimated.mature_sessions / nullif(estimated.qualified_sessions, 0) as share_mature,
        targets.target,
        periods.period_start,
        periods.period_end,
        case
            when estimated.is_comparable then estimated.value - estimated.previous_value
        end as change,
        case
            when
                estimated.is_comparable
                and estimated.observations >= estimated.minimum_observations
                then {{ is_different(
                    'estimated.value', 'estimated.lower', 'estimated.upper',
                    'estimated.previous_value', 'estimated.previous_lower',
                    'estimated.previous_upper'
                ) }}
        end as is_change_significant
    from estimated
    inner join periods
        on
            estimated.business_id = periods.business_id
            and estimated.period = periods.period
    left join targets
        on
            estimated.business_id = targets.business_id
            and estimated.kpi = targets.kpi
)
{%- endmacro %}
