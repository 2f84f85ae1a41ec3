with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

dayparts as (
    select * from {{ ref('int_dayparts_chosen') }}
),

refreshes as (
    select * from {{ ref('stg_settings__refreshes') }}
),

localized as (
    select
        sessions.business_id,
        sessions.session_id,
        {{ local_time(
            'coalesce(sessions.first_customer_at, sessions.started_at)', 'businesses.timezone'
        ) }} as local_started_at,
        {{ plus_hours('sessions.ended_at', var('settled_after_hours')) }}
        <= refreshes.as_of as is_settled,
        {{ plus_days('sessions.ended_at', 'businesses.lead_window_days') }}
        <= refreshes.as_of as is_window_closed,
        {{ next_moment_after('refreshes.as_of', [
            plus_hours('sessions.ended_at', var('settled_after_hours')),
            plus_days('sessions.ended_at', 'businesses.lead_window_days'),
            plus_hours('sessions.ended_at', 24),
            plus_hours('sessions.ended_at', 72),
            plus_hours('sessions.ended_at', 168),
        ]) }} as changes_at
    from sessions
    inner join businesses
        on sessions.business_id = businesses.business_id
    cross join refreshes
)

select
    localized.business_id,
    localized.session_id,

    dayparts.daypart,

    localized.is_settled,
    localized.is_settled and localized.is_window_closed as is_mature,

    cast({{ iso_weekday('localized.local_started_at') }} as bigint) as weekday,
    cast(hour(localized.local_started_at) as bigint) as hour,

    cast(localized.local_started_at as date) as session_date,
    localized.changes_at
from localized
inner join dayparts
    on
        localized.business_id = dayparts.business_id
        and {{ is_within_daypart(minute_of_day('localized.local_started_at')) }}
