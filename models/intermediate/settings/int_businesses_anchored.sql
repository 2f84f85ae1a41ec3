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

    cast({{ local_time('refreshes.as_of', 'businesses.timezone') }} as date) as as_of_date
from businesses
cross join refreshes
