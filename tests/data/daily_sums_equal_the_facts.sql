{{ config(meta={'dagster': {'ref': {'name': 'rpt_kpi_daily'}}}) }}

{%- set measures = session_measures() %}

with

daily as (
    select
        business_id,
        {% for name, expression in measures -%}
            sum({{ name }}) as {{ name }},
        {% endfor -%}
        count(*) as rows_found
    from {{ ref('rpt_kpi_daily') }}
    where {{ is_touched('dates', 'rpt_kpi_daily') }}
    group by business_id
),

facts as (
    select
        business_id,
        {% for name, expression in measures -%}
            {{ expression }} as {{ name }},
        {% endfor -%}
        count(*) as rows_found
    from {{ ref('fct_sessions') }}
    where {{ is_touched('dates', 'fct_sessions') }}
    group by business_id
)

select facts.business_id
from facts
full outer join daily
    on facts.business_id = daily.business_id
where
    daily.business_id is null
    or facts.business_id is null
    {%- for name, expression in measures %}
        or abs(facts.{{ name }} - daily.{{ name }}) > 0.000001 * greatest(1, abs(facts.{{ name }}))
    {%- endfor %}
