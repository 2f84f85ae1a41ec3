{#- No column of the model holds an infinity or a not-a-number: both mean a division went wrong. -#}
{% test only_finite_numbers(model) %}

{%- set columns = adapter.get_columns_in_relation(model) %}

select *
from {{ model }}
where
    false
    {%- for column in columns if column.dtype == 'DOUBLE' %}
    or not isfinite({{ column.name }})
    {%- endfor %}

{% endtest %}
