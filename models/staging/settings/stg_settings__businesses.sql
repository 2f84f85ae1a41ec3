with

businesses as (
    select * from {{ source('raw', 'businesses') }}
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

    has_opening_hours,

    baseline_from,
    baseline_to
from businesses
