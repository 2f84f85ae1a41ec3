{{ config(materialized='incremental', meta={'kept_by': 'leads'}) }}

with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

matched as (
    select * from {{ ref('int_leads_matched') }}
),

visited as (
    select * from {{ ref('int_leads_visited') }}
),

paid as (
    select * from {{ ref('int_leads_paid') }}
)

select
    leads.business_id,
    leads.system,
    leads.lead_id,
    matched.session_id,

    leads.status,
    leads.status_semantic,
    leads.channel,
    leads.currency,
    leads.utm_source,
    leads.utm_medium,
    leads.utm_campaign,
    matched.match_method,
    matched.unmatched_reason,
    visited.visit_status,

    leads.is_deleted,

    leads.amount,
    matched.match_confidence,
    paid.paid_amount,

    leads.created_date,
    leads.created_at,
    leads.modified_at,
    cast(null as timestamp) as qualified_at,
    visited.booked_at,
    paid.paid_at
from leads
inner join matched
    on {{ same_lead('leads', 'matched') }}
left join visited
    on {{ same_lead('leads', 'visited') }}
left join paid
    on {{ same_lead('leads', 'paid') }}
