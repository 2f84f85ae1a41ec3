with

messages as (
    select * from {{ source('raw', 'messages') }}
    where {{ is_touched('users', 'messages') }}
)

select
    business_id,
    system,
    coalesce(chat_id, '') as chat_id,
    message_id,

    user_id,
    source_file,

    {{ known_as_of('sent_at') }} as is_known,
    coalesce(sender = 'system' or kind = 'service', false) as is_service,

    source_line,

    sent_at as told_at,
    loaded_at
from messages
