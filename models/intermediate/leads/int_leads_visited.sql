with

bookings as (
    select * from {{ ref('stg_crm__bookings') }}
),

attributed as (
    select * from {{ ref('int_bookings_attributed') }}
),

refreshes as (
    select * from {{ ref('stg_settings__refreshes') }}
),

-- What is told of a visit before its time is a plan.
led as (
    select
        attributed.business_id,
        attributed.system,
        attributed.lead_id,
        attributed.booking_id,
        bookings.status,
        bookings.created_at,
        bookings.starts_at,
        bookings.starts_at <= refreshes.as_of as is_due
    from attributed
    inner join bookings
        on
            attributed.business_id = bookings.business_id
            and attributed.system = bookings.system
            and attributed.booking_id = bookings.booking_id
    cross join refreshes
)

select
    business_id,
    system,
    lead_id,

    arg_max(status, (starts_at, booking_id)) as visit_status,

    count(*) filter (where is_due and status = 'arrived') as arrived_bookings,
    count(*) filter (where is_due and status = 'no_show') as no_show_bookings,
    count(*) filter (where is_due and status = 'cancelled') as cancelled_bookings,

    min(created_at) as booked_at,
    min(starts_at) filter (where is_due and status = 'arrived') as arrived_at,
    min(starts_at) filter (where not is_due) as next_visit_at
from led
group by all
