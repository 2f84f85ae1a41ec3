{{ config(materialized='incremental', meta={'kept_by': 'leads'}) }}

with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

matched as (
    select * from {{ ref('int_leads_matched') }}
),

qualified as (
    select * from {{ ref('int_leads_qualified') }}
),

visited as (
    select * from {{ ref('int_leads_visited') }}
),

paid as (
    select * from {{ ref('int_leads_paid') }}
),

progressed as (
    select * from {{ ref('int_leads_progressed') }}
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
    cast(progressed.funnel_position as bigint) as funnel_position,
    coalesce(visited.arrived_bookings, 0) as arrived_bookings,
    coalesce(visited.no_show_bookings, 0) as no_show_bookings,
    coalesce(visited.cancelled_bookings, 0) as cancelled_bookings,

    leads.created_date,
    leads.created_at,
    leads.modified_at,
    qualified.qualified_at,
    visited.booked_at,
    visited.arrived_at,
    paid.paid_at,
    aged.changes_at
from leads
inner join matched
    on {{ same_lead('leads', 'matched') }}
inner join progressed
    on {{ same_lead('leads', 'progressed') }}
inner join aged
    on {{ same_lead('leads', 'aged') }}
left join qualified
    on {{ same_lead('leads', 'qualified') }}
left join visited
    on {{ same_lead('leads', 'visited') }}
left join paid
    on {{ same_lead('leads', 'paid') }}
