{%- set measures = session_measures() + precision_measures() -%}
{%- set dimensions = lead_dimensions() -%}

with

days as (
    select * from {{ ref('fct_days') }}
),

customers as (
    select * from {{ ref('fct_period_customers') }}
),

leads as (
    select
        *,
        {{ segment_columns(dimensions) }}
    from {{ ref('fct_leads') }}
    where not is_deleted
),

spans as (
    select * from {{ ref('dim_spans') }}
),

day_sums as (
    select
        spans.business_id,
        spans.period,
        spans.span,
        days.dimension,
        days.segment,
    {% for name, expression in measures -%}
        {{ sum_of_days('days.' ~ name, expression) }} as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join days
        on
            spans.business_id = days.business_id
            and days.session_date between spans.span_start and spans.span_end
    group by all
),

lead_sums as (
    select
        spans.business_id,
        spans.period,
        spans.span,
        {{ grouped_dimension(dimensions) }} as dimension,
        {{ grouped_segment(dimensions) }} as segment,
    {% for name, expression in lead_measures() -%}
        cast({{ expression }} as double) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join leads
        on
            spans.business_id = leads.business_id
            and leads.created_date between spans.span_start and spans.span_end
    group by {{ whole_and_segments(
        ['spans.business_id', 'spans.period', 'spans.span'], dimensions
    ) }}
),

-- The whole has its row in every span, so that an empty one is seen to be empty.
cells as (
    select
        business_id,
        period,
        span,
        'all' as dimension,
        'all' as segment
    from spans

    union

    select
        business_id,
        period,
        span,
        dimension,
        segment
    from day_sums

    union

    select
        business_id,
        period,
        span,
        dimension,
        segment
    from lead_sums
)

select
    cells.business_id,
    cells.period,
    cells.span,
    cells.dimension,
    cells.segment,

    {% for name, _ in measures -%}
        {{ measured_in_period(name) }} as {{ name }},
    {% endfor -%}
    {% for name, _ in people_measures() -%}
        case
            when day_sums.sessions is not null then coalesce(customers.{{ name }}, 0)
        end as {{ name }},
    {% endfor -%}
{% for name, _ in lead_measures() -%}
    lead_sums.{{ name }}{{ "," if not loop.last }}
{% endfor %}
from cells
left join day_sums
    on {{ same_cell('cells', 'day_sums') }}
left join customers
    on {{ same_cell('cells', 'customers') }}
left join lead_sums
    on {{ same_cell('cells', 'lead_sums') }}
