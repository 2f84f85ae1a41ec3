with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

identified as (
    select * from {{ ref('int_leads_identified') }}
),

traced as (
    select * from {{ ref('int_leads_traced') }}
),

methods as (
    select * from {{ ref('match_methods') }}
),

named as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        sessions.session_id,
        {{ seconds_between('leads.created_at', 'sessions.started_at') }}
        > {{ var('clock_skew_seconds') }} as is_created_before
    from leads
    inner join sessions
        on
            leads.business_id = sessions.business_id
            and leads.given_session_id = sessions.session_id
),

hits as (
    select
        business_id,
        system,
        lead_id,
        'session_id' as match_method,
        session_id,
        false as is_ambiguous
    from named
    where not is_created_before

    union all

    select
        business_id,
        system,
        lead_id,
        match_method,
        session_id,
        is_ambiguous
    from traced
),

first_hits as (
    select
        hits.*,
        methods.confidence
    from hits
    inner join methods
        on hits.match_method = methods.match_method
    qualify
        row_number() over (
            partition by hits.business_id, hits.system, hits.lead_id
            order by methods.step
        ) = 1
),

known as (
    select distinct
        business_id,
        system,
        lead_id
    from identified
)

select
    leads.business_id,
    leads.system,
    leads.lead_id,

    case when not first_hits.is_ambiguous then first_hits.session_id end as session_id,
    case when not first_hits.is_ambiguous then first_hits.match_method end as match_method,
    case
        when first_hits.is_ambiguous then 'ambiguous_' || first_hits.match_method
        when first_hits.session_id is not null then null
        when named.is_created_before then 'created_before_session'
        when known.lead_id is not null then 'no_session_in_window'
        when leads.given_session_id is not null then 'session_not_found'
        else 'no_identity'
    end as unmatched_reason,

    case when not first_hits.is_ambiguous then first_hits.confidence end as match_confidence
from leads
left join first_hits
    on {{ same_lead('leads', 'first_hits') }}
left join named
    on {{ same_lead('leads', 'named') }}
left join known
    on {{ same_lead('leads', 'known') }}
