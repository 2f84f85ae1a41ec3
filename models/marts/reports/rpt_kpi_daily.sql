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
group by
    business_id,
    session_date,
    channel,
    daypart,
    scenario,
    bot_version
