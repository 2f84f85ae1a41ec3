{{ config(meta={'dagster': {'ref': {'name': 'fct_period_measures'}}}) }}

{#- People count in each channel that they wrote in. -#}
{%- set measures = session_measures() + precision_measures() %}

with

cells as (
    select * from {{ ref('fct_period_measures') }}
),

sums as (
    select
        business_id,
        period,
        span,
        dimension,
    {% for name, _ in measures + lead_measures() -%}
        sum({{ name }}) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from cells
    where dimension != 'all'
    group by all
),

dimensions as (
    select distinct dimension
    from sums
)

select
    cells.business_id,
    cells.period,
    cells.span,
    dimensions.dimension
from cells
cross join dimensions
left join sums
    on
        cells.business_id = sums.business_id
        and cells.period = sums.period
        and cells.span = sums.span
        and dimensions.dimension = sums.dimension
where
    cells.dimension = 'all'
    and (
        false
        {% for name, _ in measures -%}
            or {{ differs('cells.' ~ name, 'sums.' ~ name) }}
        {% endfor %}
        {% for name, _ in lead_measures() -%}
            or (
                {{ is_of_leads('dimensions.dimension') }}
                and {{ differs('cells.' ~ name, 'sums.' ~ name) }}
            )
        {% endfor %}
    )
