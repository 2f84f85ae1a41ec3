with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
    where session_kind in ('inbound', 'broadcast_replied')
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
),

handed_off as (
    select * from {{ ref('int_sessions_handed_off') }}
),

answered as (
    select * from {{ ref('int_sessions_answered') }}
),

converted as (
    select * from {{ ref('int_sessions_converted') }}
),

booked as (
    select distinct
        business_id,
        given_session_id as session_id
    from {{ ref('stg_crm__bookings') }}
    where given_session_id is not null
),

followed as (
    select * from {{ ref('int_sessions_followed') }}
),

concluded as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.bot_answers,
        followed.returned_within_72h,
        case
            when not placed.is_settled then 'pending'
            when not sessions.has_request then 'unengaged'
            when sessions.bot_answers = 0 then 'operator_only'
            when
                handed_off.handoff_at is not null
                and answered.handoff_answered_at is null
                then 'handoff_unanswered'
            when handed_off.session_id is not null then 'handoff_handled'
            when
                converted.session_id is not null
                or booked.session_id is not null
                then 'bot_goal'
            when
                (
                    sessions.last_customer_number > sessions.last_answer_number
                    and sessions.last_customer_meaning in ('thanks', 'yes')
                )
                or followed.csat_chat >= 4
                or followed.nps_score >= 9
                then 'bot_confirmed'
            when
                sessions.last_question_number = sessions.last_spoken_number
                or sessions.last_customer_number > coalesce(sessions.last_answer_number, 0)
                then 'abandoned'
            else 'bot_assumed'
        end as outcome
    from sessions
    inner join classified
        on {{ same_session('sessions', 'classified') }}
    inner join placed
        on {{ same_session('sessions', 'placed') }}
    inner join followed
        on {{ same_session('sessions', 'followed') }}
    left join handed_off
        on {{ same_session('sessions', 'handed_off') }}
    left join answered
        on {{ same_session('sessions', 'answered') }}
    left join converted
        on {{ same_session('sessions', 'converted') }}
    left join booked
        on {{ same_session('sessions', 'booked') }}
)

select
    business_id,
    session_id,

    outcome,

    case
        when outcome = 'pending' or bot_answers = 0 then null
        else
            outcome in ('bot_goal', 'bot_confirmed', 'bot_assumed')
            and not coalesce(returned_within_72h, false)
    end as is_resolved
from concluded
