with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

periods as (
    select * from {{ ref('periods') }}
),

first_dates as (
    select
        business_id,
        min(session_date) as first_date
    from sessions
    group by all
),

anchored as (
    select
        businesses.business_id,
        businesses.as_of_date,
        {{ date_plus('businesses.as_of_date', -1) }} as yesterday,
        cast(date_trunc('month', businesses.as_of_date) as date) as month_starts_date,
        cast(
            date_trunc('month', businesses.as_of_date) - interval 1 month as date
        ) as last_month_starts_date,
        cast(
            date_trunc('month', businesses.as_of_date) - interval 2 month as date
        ) as earlier_month_starts_date,
        coalesce(first_dates.first_date, businesses.as_of_date) as first_date
    from businesses
    left join first_dates
        on businesses.business_id = first_dates.business_id
),

-- Rolling periods end yesterday, as today is not over; the month so far is compared with as many
-- days of the month before.
bounded as (
    select
        anchored.business_id,
        periods.period,
        periods.position,
        periods.name_ru,
        periods.name_en,
        anchored.month_starts_date,
        anchored.last_month_starts_date,
        anchored.earlier_month_starts_date,
        case periods.period
            when 'yesterday' then anchored.yesterday
            when 'last_7_days' then {{ date_plus('anchored.as_of_date', -7) }}
            when 'last_28_days' then {{ date_plus('anchored.as_of_date', -28) }}
            when 'last_90_days' then {{ date_plus('anchored.as_of_date', -90) }}
            when 'this_month' then anchored.month_starts_date
            when 'last_month' then anchored.last_month_starts_date
            when 'all_time' then anchored.first_date
        end as period_start,
        case periods.period
            when 'this_month' then anchored.as_of_date
            when 'last_month' then {{ date_plus('anchored.month_starts_date', -1) }}
            when 'all_time' then greatest(anchored.as_of_date, anchored.first_date)
            else anchored.yesterday
        end as period_end
    from anchored
    cross join periods
)

select
    business_id,
    period,

    name_ru,
    name_en,

    cast(position as bigint) as position,

    period_start,
    period_end,
    case period
        when 'this_month' then last_month_starts_date
        when 'last_month' then earlier_month_starts_date
        when 'all_time' then null
        else {{ date_plus('period_start', '-1 - ' ~ days_from('period_start', 'period_end')) }}
    end as previous_start,
    case period
        when 'this_month'
            then least(
                {{ date_plus('last_month_starts_date', days_from('period_start', 'period_end')) }},
                {{ date_plus('month_starts_date', -1) }}
            )
        when 'all_time' then null
        else {{ date_plus('period_start', -1) }}
    end as previous_end
from bounded
