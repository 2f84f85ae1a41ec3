{{ config(materialized='view') }}

with

messages as (
    select * from {{ ref('int_messages_worded') }}
    where given_session_id is null
),

session_events as (
    select * from {{ ref('stg_chat__session_events') }}
    where
        given_session_id is null
        and event in ('closed', 'reopened')
)

select
    business_id,
    channel,
    user_id,
    system,
    chat_id,
    message_id,

    sender,
    cast(null as varchar) as mark,

    is_broadcast,

    sequence,
    {{ sender_rank('sender') }} as sender_rank,

    sent_at
from messages

union all

-- A mark that ends or resumes a conversation stands after the messages of the same second.
select
    business_id,
    channel,
    user_id,
    system,
    '' as chat_id,
    event_id as message_id,

    'mark' as sender,
    event as mark,

    false as is_broadcast,

    cast(null as bigint) as sequence,
    9 as sender_rank,

    event_at as sent_at
from session_events
