with

ratings as (
    select * from {{ ref('stg_chat__ratings') }}
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

merged_leads as (
    select * from {{ ref('int_leads_merged') }}
),

matched_leads as (
    select * from {{ ref('int_leads_matched') }}
    where session_id is not null
),

lead_sessions as (
    select
        merged_leads.business_id,
        merged_leads.lead_id,
        min(matched_leads.session_id) as session_id
    from merged_leads
    inner join matched_leads
        on
            merged_leads.business_id = matched_leads.business_id
            and merged_leads.system = matched_leads.system
            and merged_leads.surviving_lead_id = matched_leads.lead_id
    group by all
),

-- A rating that names only a person belongs to the last session that person had begun by then.
candidates as (
    select
        ratings.business_id,
        ratings.system,
        ratings.rating_id,
        sessions.session_id,
        row_number() over (
            partition by ratings.business_id, ratings.system, ratings.rating_id
            order by sessions.started_at desc, sessions.session_id asc
        ) as candidate_number
    from ratings
    inner join sessions
        on
            ratings.business_id = sessions.business_id
            and ratings.user_id = sessions.user_id
            and ratings.rated_at >= sessions.started_at
    where
        ratings.given_session_id is null
        and ratings.lead_id is null
)

select
    ratings.business_id,
    ratings.system,
    ratings.rating_id,

    coalesce(
        ratings.given_session_id, lead_sessions.session_id, candidates.session_id
    ) as session_id,
    ratings.survey,
    ratings.metric,

    ratings.score,
    ratings.scale_max,

    ratings.rated_at
from ratings
left join lead_sessions
    on
        ratings.business_id = lead_sessions.business_id
        and ratings.lead_id = lead_sessions.lead_id
left join candidates
    on
        ratings.business_id = candidates.business_id
        and ratings.system = candidates.system
        and ratings.rating_id = candidates.rating_id
        and candidates.candidate_number = 1
