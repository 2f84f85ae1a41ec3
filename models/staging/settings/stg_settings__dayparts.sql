with

business_dayparts as (
    select * from {{ source('raw', 'business_dayparts') }}
)

select
    business_id,
    daypart,

    {{ clock_minutes('starts_at') }} as starts_minute,
    {{ clock_minutes('ends_at') }} as ends_minute
from business_dayparts
