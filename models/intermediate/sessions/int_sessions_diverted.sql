with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
    where first_customer_at is not null
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

-- Of two people on one phone nobody knows whose lead it is.
matched as (
    select * from {{ ref('int_leads_matched') }}
    where coalesce(unmatched_reason not like 'ambiguous%', true)
),

leads as (
    select * from {{ ref('int_leads_counted') }}
    where not is_deleted
),

identified as (
    select * from {{ ref('int_leads_identified') }}
    where match_method in ('user_id', 'phone', 'email')
),

people as (
    select * from {{ ref('int_people_identified') }}
),

-- Where the lead came from: the channel of its session, else the one that the CRM names.
sourced as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        leads.created_at,
        coalesce(sessions.channel, leads.channel) as channel
    from leads
    inner join matched
        on {{ same_lead('leads', 'matched') }}
    left join sessions
        on
            matched.business_id = sessions.business_id
            and matched.session_id = sessions.session_id
),

-- A user's number means something only on the channel that gave it.
known as (
    select distinct
        sourced.business_id,
        sourced.system,
        sourced.lead_id,
        sourced.created_at,
        sourced.channel as lead_channel,
        people.channel,
        people.user_id
    from sourced
    inner join identified
        on {{ same_lead('sourced', 'identified') }}
    inner join people
        on
            identified.business_id = people.business_id
            and identified.match_method = people.match_method
            and identified.identity = people.identity
            and (identified.match_method != 'user_id' or identified.channel = people.channel)
    where sourced.channel != people.channel
)

select
    sessions.business_id,
    sessions.session_id,

    arg_min(known.lead_channel, (known.created_at, known.system, known.lead_id)) as lead_channel
from known
inner join sessions
    on
        known.business_id = sessions.business_id
        and known.channel = sessions.channel
        and known.user_id = sessions.user_id
        and known.created_at >= sessions.first_customer_at
inner join businesses
    on
        sessions.business_id = businesses.business_id
        and known.created_at
        <= {{ plus_days('sessions.ended_at', 'businesses.lead_window_days') }}
group by all
