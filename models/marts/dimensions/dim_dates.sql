with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

businesses as (
    select * from {{ ref('dim_businesses') }}
),

-- 1970-01-01 stands for a conversation whose date nobody wrote down: no calendar leads up to it.
bounds as (
    select
        coalesce(
            min(sessions.session_date) filter (where sessions.session_date > date '1970-01-02'),
            max(businesses.as_of_date)
        ) as first_date,
        greatest(max(sessions.session_date), max(businesses.as_of_date)) as last_date
    from businesses
    left join sessions
        on businesses.business_id = sessions.business_id
),

calendar as (
    select {{ days_between('first_date', 'last_date') }}
    from bounds

    union

    select session_date as calendar_date
    from sessions
)

select
    calendar_date,

    cast(year(calendar_date) as bigint) as year,
    cast(month(calendar_date) as bigint) as month,
    cast({{ iso_weekday('calendar_date') }} as bigint) as weekday,
    cast(date_trunc('month', calendar_date) as date) as month_starts_date
from calendar
