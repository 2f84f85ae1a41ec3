{#- No two rows of the model share the columns that make its grain. Grouping by a number takes half
    the memory of grouping by the texts; only the few rows that share the number are looked at. -#}
{% test one_row_per(model, columns) %}

with

suspects as (
    select {{ row_hash(columns) }} as suspect
    from {{ model }}
    where {{ is_to_be_tested(model) }}
    group by all
    having count(*) > 1
)

select
    {{ columns | join(', ') }},
    count(*) as rows_found
from {{ model }}
where
    {{ row_hash(columns) }} in (select suspects.suspect from suspects)
    and {{ is_to_be_tested(model) }}
group by all
having count(*) > 1

{% endtest %}
