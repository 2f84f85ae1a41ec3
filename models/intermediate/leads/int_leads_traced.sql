with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

identified as (
    select * from {{ ref('int_leads_identified') }}
),

people as (
    select * from {{ ref('int_people_identified') }}
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

-- The people a step finds, each with the last session that began before the lead and whose window
-- was still open.
candidates as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        identified.match_method,
        people.channel,
        people.user_id,
        arg_max(
            sessions.session_id, (sessions.first_customer_at, sessions.session_id)
        ) as session_id,
        max(sessions.first_customer_at) as first_customer_at
    from leads
    inner join identified
        on {{ same_lead('leads', 'identified') }}
    inner join people
        on
            identified.business_id = people.business_id
            and identified.match_method = people.match_method
            and identified.identity = people.identity
            and (identified.channel is null or identified.channel = people.channel)
    inner join sessions
        on
            people.business_id = sessions.business_id
            and people.channel = sessions.channel
            and people.user_id = sessions.user_id
            and leads.created_at >= sessions.first_customer_at
    inner join businesses
        on
            leads.business_id = businesses.business_id
            and leads.created_at
            <= {{ plus_days('sessions.ended_at', 'businesses.lead_window_days') }}
    group by all
)

-- One person may write on two channels; two on one channel are two people.
select
    business_id,
    system,
    lead_id,
    match_method,

    arg_max(session_id, (first_customer_at, session_id)) as session_id,

    count(*) > count(distinct channel) as is_ambiguous
from candidates
group by all
