{#- What became of the rows of raw. Nobody is touched by counting them: the tables made of these rows
    are made anew at each refresh. -#}

{#- Rows of a stream of versions and what became of each. Which of two equally old versions counts
    decides no more here than the day that the other is booked to. -#}
{% macro delivered_rows(stream, moment, record) -%}
with

delivered as (
    select
        *,
        {{ known_as_of(moment) }} as is_known
    from {{ source('raw', stream) }}
),

versions as (
    select
        *,
        row_number() over (
            partition by business_id, {{ record | join(', ') }}, is_known
            order by {{ moment }} desc, loaded_at desc, source_file desc, source_line desc
        ) as version_number
    from delivered
)

select
    business_id,
    system,
    source_file,

    case
        when not is_known then 'future'
        when version_number > 1 then 'superseded'
        else 'current'
    end as state,

    cast({{ moment }} as timestamp) as told_at,
    loaded_at
from versions
{%- endmacro %}

{#- The states that a row of raw may be in, one and only one. -#}
{% macro row_states() -%}
{%- do return(['current', 'superseded', 'future', 'service']) -%}
{%- endmacro %}
