with

leads as (
    select * from {{ ref('int_leads_counted') }}
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

-- A step that nobody recorded takes no time.
moments as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        leads.created_at,
        qualified.qualified_at,
        coalesce(qualified.qualified_at, leads.created_at) as before_booking_at,
        visited.booked_at,
        coalesce(
            visited.booked_at, qualified.qualified_at, leads.created_at
        ) as before_visit_at,
        visited.arrived_at,
        paid.paid_at
    from leads
    left join qualified
        on {{ same_lead('leads', 'qualified') }}
    left join visited
        on {{ same_lead('leads', 'visited') }}
    left join paid
        on {{ same_lead('leads', 'paid') }}
)

select
    business_id,
    system,
    lead_id,

    -- The furthest step that was reached in time: whoever reached it has passed those before it.
    case
        when paid_at <= {{ plus_days('created_at', var('revenue_window_days')) }} then 6
        when arrived_at <= {{ plus_days('before_visit_at', var('arrived_window_days')) }} then 5
        when booked_at <= {{ plus_days('before_booking_at', var('booked_window_days')) }} then 4
        when qualified_at <= {{ plus_days('created_at', var('qualified_window_days')) }} then 3
        else 2
    end as funnel_position
from moments
