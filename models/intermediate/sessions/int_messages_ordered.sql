with

messages as (
    select * from {{ ref('int_messages_worded') }}
),

sessionized as (
    select * from {{ ref('int_messages_sessionized') }}
),

assigned as (
    select
        *,
        given_session_id as session_id
    from messages
    where given_session_id is not null

    union all

    select
        messages.*,
        sessionized.session_id
    from messages
    inner join sessionized
        on
            messages.business_id = sessionized.business_id
            and messages.system = sessionized.system
            and messages.chat_id = sessionized.chat_id
            and messages.message_id = sessionized.message_id
)

select
    business_id,
    session_id,
    system,
    chat_id,
    message_id,

    channel,
    user_id,
    sender,
    kind,
    meaning,
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
    phone,
    email,

    is_answer,
    is_question,
    has_price,
    is_spam,
    is_fallback,
    intent_correct,

    sequence,
    row_number() over session_order as message_number,
    count(*) filter (where is_answer) over earlier as previous_answers,

    sent_at,
    max(sent_at) filter (where sender = 'customer') over earlier as previous_customer_at,
    -- An automatic note is no word of the bot's: it takes nothing back from a person.
    max(sent_at) filter (where sender = 'bot' and is_answer) over earlier as previous_bot_at,
    max(sent_at) filter (where sender = 'operator') over earlier as previous_operator_at
from assigned
window
    session_order as (
        partition by business_id, session_id
        order by
            sent_at,
            {{ sequence_order(sender_rank('sender')) }}, system, chat_id
    ),
    earlier as (
        partition by business_id, session_id
        order by
            sent_at,
            {{ sequence_order(sender_rank('sender')) }}, system, chat_id
        rows between unbounded preceding and 1 preceding
    )
