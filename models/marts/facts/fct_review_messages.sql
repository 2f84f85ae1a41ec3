with

drawn as (
    select * from {{ ref('int_messages_drawn') }}
),

masked as (
    select * from {{ ref('int_messages_masked') }}
)

select
    drawn.business_id,
    drawn.message_key,

    drawn.stratum,
    drawn.predicted_intent,
    masked.message_words,

    drawn.position,
    drawn.selection_probability,
    drawn.intent_confidence,

    drawn.sent_date
from drawn
inner join masked
    on
        drawn.business_id = masked.business_id
        and drawn.message_key = masked.message_key
