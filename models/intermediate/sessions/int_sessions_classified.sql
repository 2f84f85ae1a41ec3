with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

messages as (
    select * from {{ ref('stg_chat__messages') }}
),

ordered as (
    select * from {{ ref('int_messages_ordered') }}
),

settings as (
    select * from {{ ref('stg_settings__values') }}
),

spam_messages as (
    select
        messages.business_id,
        messages.system,
        messages.chat_id,
        messages.message_id
    from messages
    inner join settings
        on
            messages.business_id = settings.business_id
            and settings.setting = 'spam_patterns'
            and {{ matches_pattern('messages.body', 'settings.value') }}
    where messages.sender = 'customer'
    group by all
),

spam_sessions as (
    select
        ordered.business_id,
        ordered.session_id
    from ordered
    inner join spam_messages
        on
            ordered.business_id = spam_messages.business_id
            and ordered.system = spam_messages.system
            and ordered.chat_id = spam_messages.chat_id
            and ordered.message_id = spam_messages.message_id
    group by all
),

marked as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.first_sender,
        sessions.customer_messages,
        spam_sessions.session_id is not null as is_spam,
        bool_or(coalesce(settings.setting = 'test_user_ids', false)) as is_test,
        bool_or(coalesce(settings.setting = 'staff_user_ids', false)) as is_staff
    from sessions
    left join settings
        on
            sessions.business_id = settings.business_id
            and sessions.user_id = settings.value
            and settings.setting in ('test_user_ids', 'staff_user_ids')
    left join spam_sessions
        on {{ same_session('sessions', 'spam_sessions') }}
    group by all
)

select
    business_id,
    session_id,

    case
        when is_test then 'test'
        when is_staff then 'staff'
        when is_spam then 'spam'
        when first_sender = 'customer' then 'inbound'
        when customer_messages > 0 then 'broadcast_replied'
        when first_sender = 'operator' then 'operator_started'
        else 'broadcast_silent'
    end as session_kind
from marked
