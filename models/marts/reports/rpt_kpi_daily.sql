{{ config(materialized='incremental', meta={'kept_by': 'dates'}) }}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    business_id,
    session_date,
    channel,
    daypart,
    scenario,
    bot_version,

{% for name, expression in session_measures() -%}
    {{ expression }} as {{ name }}{{ "," if not loop.last }}
{% endfor %}
from sessions
where {{ is_touched('dates', 'sessions') }}
group by
    business_id,
    session_date,
    channel,
    daypart,
    scenario,
    bot_version
