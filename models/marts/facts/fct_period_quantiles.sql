{%- set clocks = ranked_clocks() -%}
{%- set dimensions = session_dimensions() -%}

with

sessions as (
    select
        *,
        {{ segment_columns(dimensions) }}
    from {{ ref('fct_sessions') }}
    where is_qualified
),

spans as (
    select * from {{ ref('dim_spans') }}
),

measures as (
    select
        *,
        {{ measure_amounts() }} as amounts
    from {{ ref('fct_period_measures') }}
),

kpis as (
    select
        *,
        {{ measure_position('denominator') }} as denominator_position
    from {{ ref('dim_kpis') }}
    where kind = 'quantile'
),

-- Gathered by day first: a day lies in several spans.
days as (
    select
        business_id,
        session_date,
        {{ grouped_dimension(dimensions) }} as dimension,
        {{ grouped_segment(dimensions) }} as segment,
    {% for _, seconds in clocks -%}
        {{ known_list(seconds) }} as {{ seconds }}{{ "," if not loop.last }}
    {% endfor %}
    from sessions
    group by {{ whole_and_segments(['business_id', 'session_date'], dimensions) }}
),

ranks as (
    select
        spans.business_id,
        spans.period,
        spans.span,
        days.dimension,
        days.segment,
    {% for _, seconds in clocks -%}
        {{ merged_and_sorted('days.' ~ seconds) }} as {{ seconds }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join days
        on
            spans.business_id = days.business_id
            and days.session_date between spans.span_start and spans.span_end
    group by all
),

ranked as (
    select
        measures.business_id,
        measures.period,
        measures.span,
        measures.dimension,
        measures.segment,
        kpis.kpi,
        kpis.quantile,
        measures.amounts[kpis.denominator_position] as denominator,
        case kpis.numerator
            {% for measure, seconds in clocks -%}
                when '{{ measure }}' then coalesce(ranks.{{ seconds }}, [])
            {% endfor %}
        end as ranked
    from measures
    inner join kpis
        on measures.amounts[kpis.denominator_position] > 0
    left join ranks
        on {{ same_cell('measures', 'ranks') }}
)

select
    business_id,
    period,
    span,
    dimension,
    segment,
    kpi,

    {{ interpolated_rank('(denominator - 1) * quantile') }} as value,
    {{ rank_bound('lower') }} as lower,
    {{ rank_bound('upper') }} as upper
from ranked
