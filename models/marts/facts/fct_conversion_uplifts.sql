with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

days as (
    select * from {{ ref('fct_days') }}
    where dimension = 'all'
),

month_sums as (
    select
        business_id,
        cast(date_trunc('month', session_date) as date) as month_starts_date,
        {{ total_where('mature_sessions', 'true') }} as mature_sessions,
        {{ total_where('converted_sessions', 'true') }} as converted_sessions
    from days
    group by all
),

baseline_sums as (
    select
        businesses.business_id,
        {{ total_where('days.mature_sessions', 'true') }} as mature_sessions,
        {{ total_where('days.converted_sessions', 'true') }} as converted_sessions
    from businesses
    inner join days
        on
            businesses.business_id = days.business_id
            and days.session_date between businesses.baseline_from and businesses.baseline_to
    group by all
),

-- A month that began within the baseline is no month after it.
compared as (
    select
        month_sums.business_id,
        month_sums.month_starts_date,
        month_sums.mature_sessions,
        month_sums.converted_sessions,
        case
            when month_sums.month_starts_date > businesses.baseline_to
                then baseline_sums.mature_sessions
        end as baseline_sessions,
        case
            when month_sums.month_starts_date > businesses.baseline_to
                then baseline_sums.converted_sessions
        end as baseline_converted_sessions
    from month_sums
    inner join businesses
        on month_sums.business_id = businesses.business_id
    left join baseline_sums
        on month_sums.business_id = baseline_sums.business_id
),

estimated as (
    select
        *,
        converted_sessions / nullif(cast(mature_sessions as double), 0) as conversion_rate,
        baseline_converted_sessions / nullif(cast(baseline_sessions as double), 0)
            as baseline_rate,
        {{ wilson('converted_sessions', 'mature_sessions', 'lower') }} as lower,
        {{ wilson('converted_sessions', 'mature_sessions', 'upper') }} as upper,
        {{ wilson('baseline_converted_sessions', 'baseline_sessions', 'lower') }}
            as baseline_lower,
        {{ wilson('baseline_converted_sessions', 'baseline_sessions', 'upper') }}
            as baseline_upper
    from compared
)

select
    business_id,
    month_starts_date,

    mature_sessions,
    baseline_sessions,
    conversion_rate,
    baseline_rate,
    -- Newcombe's interval of a difference.
    conversion_rate - baseline_rate - sqrt(
        (conversion_rate - lower) ** 2 + (baseline_upper - baseline_rate) ** 2
    ) as low_uplift,
    conversion_rate - baseline_rate as base_uplift,
    conversion_rate - baseline_rate + sqrt(
        (upper - conversion_rate) ** 2 + (baseline_rate - baseline_lower) ** 2
    ) as high_uplift
from estimated
