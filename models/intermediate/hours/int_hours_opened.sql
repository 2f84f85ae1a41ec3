with

dates as (
    select * from {{ ref('int_dates_asked') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

opening_hours as (
    select * from {{ ref('stg_settings__opening_hours') }}
),

closed_dates as (
    select * from {{ ref('int_dates_closed') }}
),

intervals as (
    select
        dates.business_id,
        dates.calendar_date,
        opening_hours.opens_minute,
        {{ utc_time(
            plus_minutes('cast(dates.calendar_date as timestamp)', 'opening_hours.opens_minute'),
            'businesses.timezone'
        ) }} as opened_at,
        {{ utc_time(
            plus_minutes('cast(dates.calendar_date as timestamp)', 'opening_hours.closes_minute'),
            'businesses.timezone'
        ) }} as closed_at
    from dates
    inner join businesses
        on dates.business_id = businesses.business_id
    inner join opening_hours
        on
            dates.business_id = opening_hours.business_id
            and {{ iso_weekday('dates.calendar_date') }} = opening_hours.weekday
    left join closed_dates
        on
            dates.business_id = closed_dates.business_id
            and dates.calendar_date = closed_dates.calendar_date
    where closed_dates.calendar_date is null
)

select
    business_id,
    calendar_date,
    opens_minute,

    opened_at,
    closed_at
from intervals
-- The hour that a spring day skips may turn a short interval around: then it is empty.
where opened_at < closed_at
