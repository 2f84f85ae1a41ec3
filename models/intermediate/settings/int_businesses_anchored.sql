with

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

refreshes as (
    select * from {{ ref('stg_settings__refreshes') }}
)

select
    businesses.business_id,

    businesses.name,
    businesses.timezone,
    businesses.currency,

    businesses.session_gap_minutes,
    businesses.lead_window_days,
    businesses.intent_threshold,
    businesses.operator_hourly_cost,
    businesses.bot_monthly_cost,
    businesses.margin_share,

    businesses.baseline_from,
    businesses.baseline_to,
    cast({{ local_time('refreshes.as_of', 'businesses.timezone') }} as date) as as_of_date
from businesses
cross join refreshes
