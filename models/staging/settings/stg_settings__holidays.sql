with

business_holidays as (
    select * from {{ source('raw', 'business_holidays') }}
)

select
    business_id,
    holiday,

    holiday = 'ru' as is_calendar,

    case when holiday != 'ru' then cast(holiday as date) end as holiday_date
from business_holidays
