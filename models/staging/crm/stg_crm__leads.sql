with

leads as (
    select * from {{ source('raw', 'leads') }}
    where
        {{ known_as_of('modified_at') }}
        and {{ is_touched('leads', 'leads') }}
),

versions as (
    select
        *,
        min(created_at) over (partition by business_id, system, lead_id) as first_created_at,
        min(case when status_semantic = 'won' then modified_at end) over (
            partition by business_id, system, lead_id
        ) as first_won_at,
        row_number() over (
            partition by business_id, system, lead_id
            order by
                modified_at desc,
                {{ content_id([
                    'status', 'status_semantic', 'title', 'amount::varchar', 'currency',
                    'source', 'session_id', 'chat_reference', 'user_id', 'channel', 'phone',
                    'email', 'contact_id', 'merged_into', 'is_deleted::varchar', 'loss_reason',
                    'utm_source', 'utm_medium', 'utm_campaign', 'created_at::varchar',
                ]) }}
        ) as version_number
    from leads
)

select
    business_id,
    system,
    lead_id,

    status,
    status_semantic,
    currency,
    source,
    session_id as given_session_id,
    channel,
    contact_id,
    chat_reference,
    user_id,
    {{ e164('phone') }} as phone,
    {{ plain_email('email') }} as email,
    utm_source,
    utm_medium,
    utm_campaign,
    merged_into,
    loss_reason,

    coalesce(is_deleted, false) as is_deleted,
    is_returning,

    amount,

    first_created_at as created_at,
    modified_at,
    first_won_at
from versions
where version_number = 1
