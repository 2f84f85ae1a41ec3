{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

judged as (
    select * from {{ ref('int_messages_judged') }}
),

labels as (
    select * from {{ ref('int_labels_settled') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
    where {{ is_touched('sessions', 'fct_sessions') }}
)

select
    judged.business_id,
    judged.message_key,
    judged.session_id,

    sessions.channel,
    sessions.scenario,
    sessions.bot_version,
    judged.intent,
    judged.predicted_intent,
    judged.predicted_class,
    judged.true_intent,
    judged.true_class,
    labels.first_label,
    labels.second_label,

    sessions.is_qualified,
    sessions.is_mature,
    sessions.is_converted,
    judged.is_first_of_class,
    judged.is_no_match,
    judged.is_correct,
    coalesce(labels.is_disputed, false) as is_disputed,

    coalesce(labels.labellers, 0) as labellers,
    judged.intent_confidence,
    judged.label_weight,

    sessions.session_date,
    judged.sent_at,
    labels.labelled_at
from judged
inner join sessions
    on {{ same_session('judged', 'sessions') }}
left join labels
    on
        judged.business_id = labels.business_id
        and judged.message_key = labels.message_key
