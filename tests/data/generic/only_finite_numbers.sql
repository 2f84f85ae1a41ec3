{#- No column of the model holds an infinity or a not-a-number: both mean a division went wrong.
    The columns are those of the model's contract, so that nobody has to ask the database. -#}
{% test only_finite_numbers(model) %}

{%- set columns = [] %}
{%- if execute %}
    {%- set node = graph.nodes.values() | selectattr("relation_name", "equalto", model | string) | first %}
    {%- set columns = node.columns.values() | selectattr("data_type", "equalto", "double") %}
{%- endif %}

select *
from {{ model }}
where
    {{ is_to_be_tested(model) }}
    and (
        false
        {%- for column in columns %}
        or not isfinite({{ column.name }})
        {%- endfor %}
    )

{% endtest %}
