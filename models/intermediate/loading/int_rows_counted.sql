{%- set streams = [
    'session_events', 'ratings', 'intent_labels', 'leads', 'deals', 'bookings', 'stages', 'costs',
] -%}

with

message_rows as (
    select * from {{ ref('int_message_rows_counted') }}
),

delivered as (
    {% for stream in streams -%}
        select
            business_id,
            system,
            source_file,
            state,
            told_at,
            loaded_at
        from {{ ref('stg_loading__' ~ stream) }}
        {{ "union all" if not loop.last }}
    {% endfor -%}
),

counted as (
    select
        business_id,
        system,
        source_file,
        loaded_at,
        date_trunc('hour', told_at) as told_hour_at,
    {% for state in row_states() -%}
        {{ count_where("state = '" ~ state ~ "'") }} as {{ state }}_rows{{ "," if not loop.last }}
    {% endfor %}
    from delivered
    group by all

    union all

    select
        business_id,
        system,
        source_file,
        loaded_at,
        told_hour_at,
        {{ row_states() | join('_rows, ') }}_rows
    from message_rows
)

select
    business_id,
    source_file,
    system,

    {% for state in row_states() -%}
        sum({{ state }}_rows)::bigint as {{ state }}_rows,
    {% endfor %}
    told_hour_at,
    loaded_at
from counted
group by
    business_id,
    source_file,
    system,
    told_hour_at,
    loaded_at
