with

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
    where has_opening_hours
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

-- An event may name a session and be stamped outside of it.
handoffs as (
    select * from {{ ref('int_sessions_handed_off') }}
    where handoff_at is not null
),

asked as (
    select
        business_id,
        min(started_at) as first_at,
        max(ended_at) as last_at
    from sessions
    group by all

    union all

    select
        business_id,
        min(handoff_at) as first_at,
        max(handoff_at) as last_at
    from handoffs
    group by all
),

-- A day more on both sides, as local dates and those of UTC differ.
bounds as (
    select
        businesses.business_id,
        {{ date_plus('cast(min(asked.first_at) as date)', -1) }} as first_date,
        {{ date_plus('cast(max(asked.last_at) as date)', 1) }} as last_date
    from asked
    inner join businesses
        on asked.business_id = businesses.business_id
    group by businesses.business_id
)

select
    business_id,
    {{ days_between('first_date', 'last_date') }}
from bounds
