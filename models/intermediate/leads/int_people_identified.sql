with

messages as (
    select * from {{ ref('int_messages_ordered') }}
    where sender = 'customer'
),

people as (
    select distinct
        business_id,
        channel,
        user_id,
        chat_id,
        phone,
        email
    from messages
),

-- A CRM's chat reference names the chat, or the person on the channel.
identities as (
    select
        business_id,
        channel,
        user_id,
        'chat_reference' as match_method,
        'chat|' || chat_id as identity
    from people
    where chat_id != ''

    union

    select
        business_id,
        channel,
        user_id,
        'chat_reference' as match_method,
        'user|' || channel || '|' || user_id as identity
    from people

    union

    select
        business_id,
        channel,
        user_id,
        'user_id' as match_method,
        user_id as identity
    from people

    union

    select
        business_id,
        channel,
        user_id,
        'phone' as match_method,
        phone as identity
    from people
    where phone is not null

    union

    select
        business_id,
        channel,
        user_id,
        'email' as match_method,
        email as identity
    from people
    where email is not null
)

select
    business_id,
    channel,
    user_id,
    match_method,
    identity
from identities
