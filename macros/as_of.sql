{#- True for what was already known at the time the refresh looks from: the cut is made once, at
    the door. -#}
{% macro known_as_of(moment) -%}
    {{ moment }} <= (select as_of from {{ source('raw', 'refresh_context') }})
{%- endmacro %}
