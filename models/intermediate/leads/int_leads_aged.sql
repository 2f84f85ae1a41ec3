with

leads as (
    select * from {{ ref('int_leads_counted') }}
),

visited as (
    select * from {{ ref('int_leads_visited') }}
),

refreshes as (
    select * from {{ ref('stg_settings__refreshes') }}
),

windows as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        {{ plus_days('leads.created_at', var('revenue_window_days')) }} as revenue_closes_at,
        visited.next_visit_at
    from leads
    left join visited
        on {{ same_lead('leads', 'visited') }}
)

select
    windows.business_id,
    windows.system,
    windows.lead_id,

    windows.revenue_closes_at <= refreshes.as_of as is_revenue_mature,

    {{ next_moment_after('refreshes.as_of', [
        'windows.revenue_closes_at', 'windows.next_visit_at',
    ]) }} as changes_at
from windows
cross join refreshes
