with

session_events as (
    select * from {{ source('raw', 'session_events') }}
    where {{ known_as_of('event_at') }}
),

delivered as (
    select
        *,
        row_number() over (
            partition by business_id, system, event_id
            order by
                event_at, event, session_id nulls last, channel nulls last,
                user_id nulls last, reason nulls last, value nulls last
        ) as delivery_number
    from session_events
)

select
    business_id,
    system,
    event_id,

    session_id as given_session_id,
    channel,
    user_id,
    event,
    reason,
    value,

    event_at
from delivered
where delivery_number = 1
