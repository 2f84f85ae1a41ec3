with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
),

answered as (
    select * from {{ ref('int_sessions_answered') }}
),

handed_off as (
    select * from {{ ref('int_sessions_handed_off') }}
),

handled as (
    select * from {{ ref('int_sessions_handled') }}
),

bot_targets as (
    select * from {{ ref('int_targets_chosen') }}
    where kpi = 'ttr_bot_target_seconds'
),

human_targets as (
    select * from {{ ref('int_targets_chosen') }}
    where kpi = 'ttr_human_target_seconds'
)

select
    sessions.business_id,
    sessions.session_id,

    handed_off.handoff_type,

    answered.answered_at is not null as is_answered,
    case
        when answered.answered_by = 'bot' then answered.ttr_seconds <= bot_targets.target
        when answered.answered_by = 'operator' then answered.ttr_seconds <= human_targets.target
        when placed.is_settled and sessions.customer_messages > 0 then false
    end as is_answered_in_target,
    handed_off.session_id is not null as has_handoff,

    answered.ttr_seconds,
    answered.ttr_bot_seconds,
    answered.ttr_human_seconds,
    cast(null as double) as ttr_human_business_seconds,
    handled.bot_handle_seconds,
    handled.human_handle_seconds
from sessions
inner join placed
    on {{ same_session('sessions', 'placed') }}
inner join bot_targets
    on sessions.business_id = bot_targets.business_id
inner join human_targets
    on sessions.business_id = human_targets.business_id
left join answered
    on {{ same_session('sessions', 'answered') }}
left join handed_off
    on {{ same_session('sessions', 'handed_off') }}
left join handled
    on {{ same_session('sessions', 'handled') }}
