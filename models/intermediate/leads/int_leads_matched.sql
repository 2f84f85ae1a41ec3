with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

named as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        leads.given_session_id,
        sessions.session_id,
        coalesce(
            {{ seconds_between('leads.created_at', 'sessions.started_at') }}
            > {{ var('clock_skew_seconds') }},
            false
        ) as is_created_before
    from leads
    left join sessions
        on
            leads.business_id = sessions.business_id
            and leads.given_session_id = sessions.session_id
)

select
    business_id,
    system,
    lead_id,

    case when not is_created_before then session_id end as session_id,
    case when session_id is not null and not is_created_before then 'session_id' end
        as match_method,
    case
        when given_session_id is null then 'no_session_id'
        when session_id is null then 'session_not_found'
        when is_created_before then 'created_before_session'
    end as unmatched_reason,

    case when session_id is not null and not is_created_before then 1.0::double end
        as match_confidence
from named
