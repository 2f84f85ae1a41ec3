with

bookings as (
    select * from {{ ref('stg_crm__bookings') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

deals as (
    select * from {{ ref('int_deals_attributed') }}
),

contacted as (
    select * from {{ ref('int_leads_contacted') }}
),

-- The booking's own lead, that of its deal, or the last one that its contact had become by then.
candidates as (
    select
        bookings.business_id,
        bookings.system,
        bookings.booking_id,
        1 as step,
        merged.surviving_lead_id as lead_id,
        cast(null as timestamp) as created_at
    from bookings
    inner join merged
        on {{ same_lead('bookings', 'merged') }}

    union all

    select
        bookings.business_id,
        bookings.system,
        bookings.booking_id,
        2 as step,
        deals.lead_id,
        cast(null as timestamp) as created_at
    from bookings
    inner join deals
        on {{ same_deal('bookings', 'deals') }}
    where bookings.lead_id is null

    union all

    select
        bookings.business_id,
        bookings.system,
        bookings.booking_id,
        3 as step,
        contacted.lead_id,
        contacted.created_at
    from bookings
    inner join contacted
        on
            bookings.business_id = contacted.business_id
            and bookings.system = contacted.system
            and bookings.contact_id = contacted.contact_id
            and bookings.created_at >= contacted.created_at
    where bookings.lead_id is null
)

select
    business_id,
    system,
    booking_id,

    lead_id
from candidates
qualify
    row_number() over (
        partition by business_id, system, booking_id
        order by step asc, created_at desc, lead_id desc
    ) = 1
