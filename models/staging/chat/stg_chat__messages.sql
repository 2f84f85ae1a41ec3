with

messages as {{ not_materialized() }} (
    select * from {{ source('raw', 'messages') }}
    where
        {{ known_as_of('sent_at') }}
        and {{ is_touched('users', 'messages') }}
),

-- Few messages come twice, and only they need an order: counting is far cheaper than sorting.
repeated as (
    select {{ message_hash() }} as message_hash
    from {{ source('raw', 'messages') }} as messages
    where
        {{ known_as_of('sent_at') }}
        and {{ is_touched('users', 'messages') }}
    group by all
    having count(*) > 1
),

counted as {{ not_materialized() }} (
    select
        messages.*,
        repeated.message_hash is not null as is_repeated
    from messages
    left join repeated
        on {{ message_hash() }} = repeated.message_hash
),

-- An edit is delivered under the same id: the first time stands, the last text counts.
-- Ties are settled by content, so that the order of arrival cannot matter.
delivered as (
    select
        *,
        sent_at as first_sent_at,
        cast(null as varchar[]) as named_user_ids,
        1 as delivery_number
    from counted
    where not is_repeated

    union all

    select
        *,
        min(sent_at) over delivery as first_sent_at,
        {{ distinct_list('user_id') }} over delivery as named_user_ids,
        row_number() over (
            partition by business_id, system, coalesce(chat_id, ''), message_id
            order by
                sent_at desc, body desc nulls last, intent desc nulls last,
                intent_confidence desc nulls last, sequence desc nulls last,
                {{ content_id([
                    'channel', 'session_id', 'user_id', 'sender', 'kind', 'scenario',
                    'bot_version', 'experiment', 'variant', 'operator_id', 'phone', 'email',
                    'utm_source', 'utm_medium', 'utm_campaign', 'is_fallback::varchar',
                    'intent_correct::varchar', 'is_broadcast::varchar', 'is_ack::varchar',
                ]) }}
        ) as delivery_number
    from counted
    where is_repeated
    window delivery as (partition by business_id, system, coalesce(chat_id, ''), message_id)
)

select
    business_id,
    system,
    coalesce(chat_id, '') as chat_id,
    message_id,

    channel,
    session_id as given_session_id,
    user_id,
    named_user_ids,
    -- What nobody said (receipts, typing marks) speaks for nobody.
    case when kind = 'service' then 'system' else sender end as sender,
    kind,
    body,
    intent,
    intent_confidence,
    scenario,
    bot_version,
    experiment,
    variant,
    operator_id,
    utm_source,
    utm_medium,
    utm_campaign,
    {{ e164('phone') }} as phone,
    {{ plain_email('email') }} as email,

    is_fallback,
    intent_correct,
    coalesce(is_broadcast, false) as is_broadcast,
    coalesce(is_ack, false) as is_ack,

    sequence,

    first_sent_at as sent_at
from delivered
where delivery_number = 1
