with

businesses as (
    select * from {{ ref('int_businesses_anchored') }}
)

select
    business_id,

    name,
    timezone,
    currency,

    session_gap_minutes,
    lead_window_days,
    intent_threshold,
    operator_hourly_cost,
    bot_monthly_cost,
    margin_share,

    baseline_from,
    baseline_to,
    as_of_date
from businesses
