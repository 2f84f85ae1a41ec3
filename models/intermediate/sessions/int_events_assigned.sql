with

session_events as (
    select * from {{ ref('stg_chat__session_events') }}
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

-- An event that names a person belongs to the last session that person had begun by then, give or
-- take the skew of two clocks.
candidates as (
    select
        session_events.business_id,
        session_events.system,
        session_events.event_id,
        sessions.session_id,
        row_number() over (
            partition by
                session_events.business_id, session_events.system, session_events.event_id
            order by sessions.started_at desc, sessions.session_id asc
        ) as candidate_number
    from session_events
    inner join sessions
        on
            session_events.business_id = sessions.business_id
            and session_events.channel = sessions.channel
            and session_events.user_id = sessions.user_id
            and {{ seconds_between('session_events.event_at', 'sessions.started_at') }}
            <= {{ var('clock_skew_seconds') }}
    where session_events.given_session_id is null
)

select
    session_events.business_id,
    session_events.system,
    session_events.event_id,

    coalesce(session_events.given_session_id, candidates.session_id) as session_id,
    session_events.event,
    session_events.reason,
    session_events.value,

    session_events.event_at
from session_events
left join candidates
    on
        session_events.business_id = candidates.business_id
        and session_events.system = candidates.system
        and session_events.event_id = candidates.event_id
        and candidates.candidate_number = 1
where coalesce(session_events.given_session_id, candidates.session_id) is not null
