{{ config(materialized='incremental', meta={'kept_by': 'dates'}) }}

{%- set measures = session_measures() + precision_measures() %}
{%- set dimensions = session_dimensions() %}

with

sessions as (
    select
        *,
        {{ segment_columns(dimensions) }}
    from {{ ref('fct_sessions') }}
)

select
    business_id,
    session_date,
    {{ grouped_dimension(dimensions) }} as dimension,
    {{ grouped_segment(dimensions) }} as segment,

{% for name, expression in measures -%}
    cast({{ expression }} as double) as {{ name }}{{ "," if not loop.last }}
{% endfor %}
from sessions
where {{ is_touched('dates', 'sessions') }}
group by {{ whole_and_segments(['business_id', 'session_date'], dimensions) }}
