{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

turns as (
    select * from {{ ref('int_turns_built') }}
)

select
    business_id,
    turn_id,
    session_id,

    answered_by,
    intent,
    true_intent,

    is_no_match,
    is_correct,
    is_first_bot_answer,

    turn_number,
    reply_seconds,
    intent_confidence,
    label_weight,

    asked_at,
    answered_at
from turns
