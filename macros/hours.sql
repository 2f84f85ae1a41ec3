{#- Open seconds before a moment that lies in the stretch `hours`. Decimal, so that a difference is
    exact wherever the counting began. -#}
{% macro open_seconds_until(moment) -%}
    cast(
        hours.open_seconds_before
        + case when hours.is_open then {{ seconds_between('hours.begins_at', moment) }} else 0 end
        as decimal(28, 6)
    )
{%- endmacro %}

{#- Open seconds from one named moment of a session to another; the skew of two clocks counts as 0. -#}
{% macro open_seconds_between(earlier, later) -%}
{%- set elapsed -%}
    max(open_seconds) filter (where moment = '{{ later }}')
    - max(open_seconds) filter (where moment = '{{ earlier }}')
{%- endset -%}
    cast(case when {{ elapsed }} < 0 then 0 else {{ elapsed }} end as double)
{%- endmacro %}
