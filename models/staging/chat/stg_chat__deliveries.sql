with

messages as (
    select * from {{ source('raw', 'messages') }}
    where {{ known_as_of('sent_at') }}
)

select
    business_id,
    system,
    coalesce(chat_id, '') as chat_id,
    message_id,

    body,

    sent_at
from messages
