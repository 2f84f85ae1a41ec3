{#- The parts that the whole is broken down into: dimensions, and segments of each. -#}

{#- The dimensions of sessions and where each session lies in them. -#}
{% macro session_dimensions() -%}
{%- do return([
    ('channel', 'channel'),
    ('daypart', 'daypart'),
    ('weekday', 'cast(weekday as varchar)'),
    ('scenario', 'scenario'),
    ('bot_version', 'bot_version'),
    ('utm_source', 'utm_source'),
    ('new_or_returning', "case when is_returning_person then 'returning' else 'new' end"),
]) -%}
{%- endmacro %}

{#- Those of leads, which have no conversation of their own. -#}
{% macro lead_dimensions() -%}
{%- do return([('channel', 'channel'), ('utm_source', 'utm_source')]) -%}
{%- endmacro %}

{% macro is_of_leads(dimension) -%}
    {{ dimension }} in ('{{ lead_dimensions() | map('first') | join("', '") }}')
{%- endmacro %}

{#- The segment in each dimension, as columns; what is not known is a segment too. -#}
{% macro segment_columns(dimensions) -%}
{% for dimension, expression in dimensions -%}
    coalesce({{ expression }}, '(none)') as {{ dimension }}_segment{{ "," if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{#- Groups the whole and every segment by the keys, in one reading of the rows. -#}
{% macro whole_and_segments(keys, dimensions) -%}
grouping sets (
    ({{ keys | join(', ') }}){% for dimension, _ in dimensions %},
    ({{ keys | join(', ') }}, {{ dimension }}_segment){% endfor %}

)
{%- endmacro %}

{#- Of which dimension and segment the group is; of the whole, 'all'. -#}
{% macro grouped_dimension(dimensions) -%}
    case
        {% for dimension, _ in dimensions -%}
        when grouping({{ dimension }}_segment) = 0 then '{{ dimension }}'
        {% endfor -%}
        else 'all'
    end
{%- endmacro %}

{% macro grouped_segment(dimensions) -%}
    coalesce({% for dimension, _ in dimensions %}{{ dimension }}_segment, {% endfor %}'all')
{%- endmacro %}

{#- The join of two relations at the grain of a segment in a span. -#}
{% macro same_cell(one, other) -%}
    {{ one }}.business_id = {{ other }}.business_id
    and {{ one }}.period = {{ other }}.period
    and {{ one }}.span = {{ other }}.span
    and {{ one }}.dimension = {{ other }}.dimension
    and {{ one }}.segment = {{ other }}.segment
{%- endmacro %}
