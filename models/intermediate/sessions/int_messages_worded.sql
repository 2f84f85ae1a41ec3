-- The one place where every text is read.
with

messages as (
    select * from {{ ref('stg_chat__messages') }}
),

phrases as (
    select * from {{ ref('phrases') }}
),

spam as (
    select
        business_id,
        {{ any_of_patterns('value') }} as pattern
    from {{ ref('stg_settings__values') }}
    where setting = 'spam_patterns'
    group by all
),

-- Only short texts can be small talk, only a text with a question mark can end in one, and only one
-- with a digit can name a price: the cheap test comes first.
worded as (
    select
        messages.*,
        {{ is_answer() }} as is_answer,
        case
            when
                messages.sender = 'customer'
                and messages.kind in ('text', 'button')
                and length(messages.body) <= 60
                then {{ plain_words('messages.body') }}
        end as words,
        coalesce(
            messages.sender = 'bot'
            and messages.body like '%?%'
            and {{ matches_pattern('messages.body', "'\\?[^\\p{L}\\p{N}]*$'") }},
            false
        ) as is_question,
        case
            when {{ is_answer() }} and {{ has_digit('messages.body') }}
                then {{ names_price('messages.body') }}
            else false
        end as has_price,
        coalesce(
            messages.sender = 'customer'
            and {{ matches_pattern('messages.body', 'spam.pattern') }},
            false
        ) as is_spam
    from messages
    left join spam
        on messages.business_id = spam.business_id
),

understood as (
    select
        worded.*,
        case
            when worded.sender != 'customer' then null
            when worded.words = '' then 'emoji'
            else coalesce(phrases.meaning, 'other')
        end as meaning
    from worded
    left join phrases
        on worded.words = phrases.phrase
)

select
    business_id,
    system,
    chat_id,
    message_id,

    channel,
    given_session_id,
    user_id,
    named_user_ids,
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
    is_broadcast,
    is_fallback,
    intent_correct,

    sequence,

    sent_at
from understood
