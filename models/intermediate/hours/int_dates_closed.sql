with

holidays as (
    select * from {{ ref('stg_settings__holidays') }}
),

-- A Saturday that became a working day, and a day that is an hour shorter, are days like any other
-- for who has opening hours of their own.
days_off as (
    select calendar_date
    from {{ ref('production_calendar') }}
    where kind = 'holiday'
)

select
    business_id,
    holiday_date as calendar_date
from holidays
where not is_calendar

union

select
    holidays.business_id,
    days_off.calendar_date
from holidays
cross join days_off
where holidays.is_calendar
