with

bookings as (
    select * from {{ source('raw', 'bookings') }}
    where {{ known_as_of('modified_at') }}
),

versions as (
    select
        *,
        row_number() over (
            partition by business_id, system, booking_id
            order by
                modified_at desc,
                {{ content_id([
                    'lead_id', 'deal_id', 'contact_id', 'session_id', 'status', 'service',
                    'starts_at::varchar', 'created_at::varchar',
                ]) }}
        ) as version_number
    from bookings
)

select
    business_id,
    system,
    booking_id,

    lead_id,
    deal_id,
    contact_id,
    session_id as given_session_id,
    status,
    service,

    coalesce(created_at, modified_at) as created_at,
    starts_at
from versions
where version_number = 1
