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

leads as (
    select * from {{ ref('int_leads_counted') }}
    where not is_deleted
),

matched as (
    select * from {{ ref('int_leads_matched') }}
),

contacted as (
    select * from {{ ref('int_leads_contacted') }}
),

-- The booking's own lead, that of its deal, the last one of its session, or the last one that its
-- contact had become by then.
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
        leads.lead_id,
        leads.created_at
    from bookings
    inner join matched
        on
            bookings.business_id = matched.business_id
            and bookings.system = matched.system
            and bookings.given_session_id = matched.session_id
    inner join leads
        on {{ same_lead('matched', 'leads') }}
    where bookings.lead_id is null

    union all

    select
        bookings.business_id,
        bookings.system,
        bookings.booking_id,
        4 as step,
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
