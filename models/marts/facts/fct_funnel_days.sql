{{ config(materialized='incremental', meta={'kept_by': 'dates'}) }}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
    where is_qualified
),

leads as (
    select * from {{ ref('fct_leads') }}
    where not is_deleted
),

-- A session has come as far as the furthest of its leads; 1 is the session itself.
reached as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.session_date,
        sessions.channel,
        sessions.is_mature,
        coalesce(max(leads.funnel_position), 1) as position
    from sessions
    left join leads
        on {{ same_session('sessions', 'leads') }}
    where {{ is_touched('dates', 'sessions') }}
    group by all
)

select
    business_id,
    session_date,
    channel,
    position,

    count(*) as qualified_sessions,
    count(*) filter (where is_mature) as mature_sessions
from reached
group by all
