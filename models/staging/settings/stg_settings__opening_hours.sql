with

business_opening_hours as (
    select * from {{ source('raw', 'business_opening_hours') }}
)

select
    business_id,
    weekday,

    {{ clock_minutes('opens_at') }} as opens_minute,
    {{ clock_minutes('closes_at') }} as closes_minute
from business_opening_hours
