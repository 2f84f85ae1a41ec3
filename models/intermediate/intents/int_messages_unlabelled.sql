{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

{%- set sent_date = 'cast(' ~ local_time('judged.sent_at', 'businesses.timezone') ~ ' as date)' %}

with

classifiable as (
    select * from {{ ref('int_messages_classifiable') }}
),

judged as (
    select * from {{ ref('int_messages_judged') }}
    where is_correct is null
),

labels as (
    select * from {{ ref('int_labels_settled') }}
),

sessions as (
    select * from {{ ref('int_sessions_classified') }}
    where session_kind in ('inbound', 'broadcast_replied')
),

businesses as (
    select * from {{ ref('int_businesses_anchored') }}
)

select
    judged.business_id,
    judged.session_id,
    judged.message_key,
    classifiable.system,
    classifiable.chat_id,
    classifiable.message_id,

    judged.predicted_intent,

    coalesce(labels.is_disputed, false) as is_disputed,
    judged.is_no_match,
    -- Without a threshold of the business the bot takes the intent that is more likely than not.
    coalesce(
        judged.intent_confidence < coalesce(businesses.intent_threshold, 0.5) + 0.1, false
    ) as is_unsure,

    judged.intent_confidence,

    {{ sent_date }} as sent_date
from judged
inner join classifiable
    on
        judged.business_id = classifiable.business_id
        and judged.message_key = classifiable.message_key
inner join sessions
    on {{ same_session('judged', 'sessions') }}
inner join businesses
    on judged.business_id = businesses.business_id
left join labels
    on
        judged.business_id = labels.business_id
        and judged.message_key = labels.message_key
-- Time only makes them older: what is too old now is never drawn again.
where {{ is_fresh_enough(sent_date) }}
