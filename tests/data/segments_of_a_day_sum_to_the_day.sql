{{ config(meta={'dagster': {'ref': {'name': 'fct_days'}}}) }}

{%- set measures = session_measures() + precision_measures() %}

with

days as (
    select * from {{ ref('fct_days') }}
    where {{ is_touched('dates', 'fct_days') }}
),

sums as (
    select
        business_id,
        session_date,
        dimension,
    {% for name, _ in measures -%}
        sum({{ name }}) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from days
    where dimension != 'all'
    group by all
),

dimensions as (
    select distinct dimension
    from sums
)

select
    days.business_id,
    days.session_date,
    dimensions.dimension
from days
cross join dimensions
left join sums
    on
        days.business_id = sums.business_id
        and days.session_date = sums.session_date
        and dimensions.dimension = sums.dimension
where
    days.dimension = 'all'
    and (
        sums.dimension is null
        {% for name, _ in measures -%}
            or {{ differs('days.' ~ name, 'sums.' ~ name) }}
        {% endfor %}
    )
