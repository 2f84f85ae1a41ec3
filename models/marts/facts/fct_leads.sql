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
),

aged as (
    select * from {{ ref('int_leads_aged') }}
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
    aged.is_revenue_mature,

    leads.amount,
    matched.match_confidence,
    paid.paid_amount,
    case
        when leads.is_deleted then null
        when paid.lead_id is null then 0
        else paid.revenue_amount
    end as revenue_amount,
    coalesce(visited.arrived_bookings, 0) as arrived_bookings,
    coalesce(visited.no_show_bookings, 0) as no_show_bookings,
    coalesce(visited.cancelled_bookings, 0) as cancelled_bookings,

    leads.created_date,
    leads.created_at,
    leads.modified_at,
    cast(null as timestamp) as qualified_at,
    visited.booked_at,
    visited.arrived_at,
    paid.paid_at,
    aged.changes_at
from leads
inner join matched
    on {{ same_lead('leads', 'matched') }}
inner join aged
    on {{ same_lead('leads', 'aged') }}
left join visited
    on {{ same_lead('leads', 'visited') }}
left join paid
    on {{ same_lead('leads', 'paid') }}
