{{ config(materialized='incremental', meta={'kept_by': 'dates'}) }}

{%- set measures = session_measures() + precision_measures() %}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    business_id,
    session_date,

{% for name, expression in measures -%}
    cast({{ expression }} as double) as {{ name }}{{ "," if not loop.last }}
{% endfor %}
from sessions
where {{ is_touched('dates', 'sessions') }}
group by
    business_id,
    session_date
