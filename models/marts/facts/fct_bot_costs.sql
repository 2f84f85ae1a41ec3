with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

days as (
    select * from {{ ref('fct_days') }}
    where
        dimension = 'all'
        and qualified_sessions > 0
),

costs as (
    select * from {{ ref('fct_costs') }}
    where item in ('bot', 'channel', 'model')
),

first_dates as (
    select
        business_id,
        min(session_date) as first_date
    from days
    group by all
),

months as (
    select distinct
        days.business_id,
        cast(date_trunc('month', days.session_date) as date) as month_starts_date,
        cast(
            date_trunc('month', days.session_date) + interval 1 month as date
        ) as next_month_starts_date
    from days
),

cost_sums as (
    select
        business_id,
        month_starts_date,
        {{ exact_sum('amount') }} as amount,
        {{ total_where('foreign_costs', 'true') }} as foreign_costs
    from costs
    group by all
),

-- A month counts from the first session on, and the current one up to today.
bounded as (
    select
        months.business_id,
        months.month_starts_date,
        months.next_month_starts_date,
        greatest(months.month_starts_date, first_dates.first_date) as counted_from,
        least(
            months.next_month_starts_date, {{ date_plus('businesses.as_of_date', 1) }}
        ) as counted_until,
        businesses.bot_monthly_cost,
        businesses.as_of_date
    from months
    inner join first_dates
        on months.business_id = first_dates.business_id
    inner join businesses
        on months.business_id = businesses.business_id
)

select
    bounded.business_id,
    bounded.month_starts_date,

    case
        when cost_sums.amount is not null then 'costs'
        when bounded.bot_monthly_cost is not null then 'bot_monthly_cost'
    end as basis,

    bounded.next_month_starts_date <= bounded.as_of_date as is_month_over,

    coalesce(
        cost_sums.amount,
        bounded.bot_monthly_cost
        * greatest({{ days_from('bounded.counted_from', 'bounded.counted_until') }}, 0)
        / {{ days_from('bounded.month_starts_date', 'bounded.next_month_starts_date') }}
    ) as amount,
    coalesce(cost_sums.foreign_costs, 0) as foreign_costs
from bounded
left join cost_sums
    on
        bounded.business_id = cost_sums.business_id
        and bounded.month_starts_date = cost_sums.month_starts_date
