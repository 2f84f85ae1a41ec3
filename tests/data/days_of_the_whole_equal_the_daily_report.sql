{{ config(meta={'dagster': {'ref': {'name': 'fct_days'}}}) }}

{%- set measures = session_measures() %}

with

daily as (
    select
        business_id,
        session_date,
    {% for name, _ in measures -%}
        sum({{ name }}) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from {{ ref('rpt_kpi_daily') }}
    where {{ is_touched('dates', 'rpt_kpi_daily') }}
    group by all
),

days as (
    select * from {{ ref('fct_days') }}
    where
        dimension = 'all'
        and {{ is_touched('dates', 'fct_days') }}
)

select
    daily.business_id,
    days.business_id as found_business_id,
    daily.session_date,
    days.session_date as found_session_date
from daily
full outer join days
    on
        daily.business_id = days.business_id
        and daily.session_date = days.session_date
where
    daily.business_id is null
    or days.business_id is null
    {% for name, _ in measures -%}
        or {{ differs('daily.' ~ name, 'days.' ~ name) }}
    {% endfor %}
