with

bookings as (
    select * from {{ ref('stg_crm__bookings') }}
),

deals as (
    select * from {{ ref('stg_crm__deals') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

led as (
    select
        bookings.business_id,
        bookings.system,
        coalesce(bookings.lead_id, deals.lead_id) as lead_id,
        bookings.booking_id,
        bookings.status,
        bookings.created_at,
        bookings.starts_at
    from bookings
    left join deals
        on
            bookings.business_id = deals.business_id
            and bookings.system = deals.system
            and bookings.deal_id = deals.deal_id
)

select
    merged.business_id,
    merged.system,
    merged.surviving_lead_id as lead_id,

    arg_max(led.status, (led.starts_at, led.booking_id)) as visit_status,

    min(led.created_at) as booked_at
from led
inner join merged
    on {{ same_lead('led', 'merged') }}
group by all
