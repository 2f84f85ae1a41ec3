{{ config(materialized='view') }}

with

turns as (
    select * from {{ ref('fct_turns') }}
    where answered_by = 'bot'
),

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    turns.business_id,
    turns.session_id,

    turns.is_correct as intent_correct,

    turns.reply_seconds as response_time,
    case when turns.is_first_bot_answer and sessions.is_converted then 1 else 0 end
        as created_lead,

    turns.answered_at
from turns
inner join sessions
    on {{ same_session('turns', 'sessions') }}
