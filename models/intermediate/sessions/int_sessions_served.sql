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

timed as (
    select * from {{ ref('int_sessions_timed') }}
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
),

-- A person is bound to answer while the business is open, the bot always.
measured as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.customer_messages,
        placed.is_settled,
        answered.answered_by,
        answered.first_answer_number,
        answered.has_time_anomaly,
        answered.handoff_answered_at,
        answered.ttr_seconds,
        answered.ttr_bot_seconds,
        answered.ttr_human_seconds,
        timed.is_in_hours,
        timed.ttr_human_business_seconds,
        handed_off.session_id is not null as has_handoff,
        handed_off.handoff_type,
        handed_off.handoff_at,
        handled.bot_handle_seconds,
        handled.human_handle_seconds,
        case answered.answered_by
            when 'bot' then bot_targets.target
            when 'operator' then human_targets.target
        end as target_seconds,
        case answered.answered_by
            when 'operator' then coalesce(timed.answer_business_seconds, answered.ttr_seconds)
            else answered.ttr_seconds
        end as measured_seconds
    from sessions
    inner join placed
        on {{ same_session('sessions', 'placed') }}
    inner join bot_targets
        on sessions.business_id = bot_targets.business_id
    inner join human_targets
        on sessions.business_id = human_targets.business_id
    left join answered
        on {{ same_session('sessions', 'answered') }}
    left join timed
        on {{ same_session('sessions', 'timed') }}
    left join handed_off
        on {{ same_session('sessions', 'handed_off') }}
    left join handled
        on {{ same_session('sessions', 'handled') }}
)

select
    business_id,
    session_id,

    answered_by,
    handoff_type,

    answered_by is not null as is_answered,
    case
        when answered_by is not null then measured_seconds <= target_seconds
        when is_settled and customer_messages > 0 then false
    end as is_answered_in_target,
    is_in_hours,
    coalesce(has_time_anomaly, false) as has_time_anomaly,
    has_handoff,
    handoff_at is not null and handoff_answered_at is null as is_handoff_unanswered,

    first_answer_number,
    target_seconds,
    measured_seconds,
    ttr_seconds,
    ttr_bot_seconds,
    ttr_human_seconds,
    ttr_human_business_seconds,
    bot_handle_seconds,
    human_handle_seconds
from measured
