with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
),

refreshes as (
    select * from {{ ref('stg_settings__refreshes') }}
),

-- Somebody who only says thanks has not come back with anything.
followed as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.ended_at,
        min(sessions.first_customer_at) filter (
            where
            sessions.has_request
            and classified.session_kind in ('inbound', 'broadcast_replied')
        ) over (
            partition by sessions.business_id, sessions.channel, sessions.user_id
            order by
                coalesce(sessions.first_customer_at, sessions.started_at), sessions.session_id
            rows between 1 following and unbounded following
        ) as returned_at,
        count(*) filter (
            where classified.session_kind in ('inbound', 'broadcast_replied')
        ) over (
            partition by sessions.business_id, sessions.channel, sessions.user_id
            order by
                coalesce(sessions.first_customer_at, sessions.started_at), sessions.session_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_sessions
    from sessions
    inner join classified
        on {{ same_session('sessions', 'classified') }}
)

select
    followed.business_id,
    followed.session_id,

    followed.earlier_sessions > 0 as is_returning_person,
    {{ has_returned_within(24) }} as returned_within_24h,
    {{ has_returned_within(72) }} as returned_within_72h,
    {{ has_returned_within(168) }} as returned_within_168h
from followed
cross join refreshes
