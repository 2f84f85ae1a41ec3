with

messages as (
    select * from {{ ref('fct_review_messages') }}
),

reasons as (
    select * from {{ ref('dim_review_reasons') }}
)

select
    messages.business_id,
    messages.position,
    messages.message_key,

    messages.stratum,
    reasons.why_ru,
    reasons.why_en,
    messages.message_words,
    messages.predicted_intent,

    messages.intent_confidence,
    messages.selection_probability,

    messages.sent_date
from messages
inner join reasons
    on messages.stratum = reasons.stratum
