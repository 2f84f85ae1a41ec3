{{ config(meta={'dagster': {'ref': {'name': 'int_messages_ordered'}}}) }}

with

messages as (
    select * from {{ ref('int_messages_worded') }}
    where sender != 'system'
),

ordered as (
    select * from {{ ref('int_messages_ordered') }}
)

select
    messages.business_id,
    messages.system,
    messages.chat_id,
    messages.message_id
from messages
left join ordered
    on
        messages.business_id = ordered.business_id
        and messages.system = ordered.system
        and messages.chat_id = ordered.chat_id
        and messages.message_id = ordered.message_id
where ordered.message_id is null
