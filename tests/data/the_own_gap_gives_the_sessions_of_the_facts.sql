{{ config(meta={'dagster': {'ref': {'name': 'fct_openings'}}}) }}

with

sessionized as (
    select distinct
        business_id,
        session_id
    from {{ ref('int_messages_sessionized') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
    where {{ is_touched('sessions', 'fct_sessions') }}
),

businesses as (
    select * from {{ ref('dim_businesses') }}
),

parted as (
    select sessions.*
    from sessions
    inner join sessionized
        on {{ same_session('sessions', 'sessionized') }}
    where sessions.session_kind = 'inbound'
),

openings as (
    select
        fct_openings.*,
        60 * businesses.session_gap_minutes as gap_seconds
    from {{ ref('fct_openings') }} as fct_openings
    inner join businesses
        on fct_openings.business_id = businesses.business_id
    where
        fct_openings.opened_by = 'customer'
        and fct_openings.is_qualified
        and {{ is_touched('sessions', 'fct_openings') }}
        and coalesce(
            fct_openings.silence_seconds > 60 * businesses.session_gap_minutes, true
        )
)

select
    coalesce(parted.business_id, openings.business_id) as business_id,
    coalesce(parted.session_id, openings.session_id) as session_id
from parted
full outer join openings
    on {{ same_session('parted', 'openings') }}
where
    parted.session_id is null
    or openings.session_id is null
    or parted.started_at != openings.opened_at
    or parted.is_settled != openings.is_settled
    or parted.is_mature != openings.is_mature
    or parted.is_answered
    != coalesce(openings.answered_above_seconds <= openings.gap_seconds, false)
    or parted.ttr_seconds is distinct from case
        when openings.answered_above_seconds <= openings.gap_seconds then openings.reply_seconds
    end
    or parted.is_converted
    != coalesce(openings.converted_above_seconds <= openings.gap_seconds, false)
