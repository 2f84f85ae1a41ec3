with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

settings as (
    select * from {{ ref('stg_settings__values') }}
),

marked as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.first_sender,
        sessions.customer_messages,
        sessions.is_spam,
        bool_or(coalesce(settings.setting = 'test_user_ids', false)) as is_test,
        bool_or(coalesce(settings.setting = 'staff_user_ids', false)) as is_staff
    from sessions
    left join settings
        on
            sessions.business_id = settings.business_id
            and sessions.user_id = settings.value
            and settings.setting in ('test_user_ids', 'staff_user_ids')
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
