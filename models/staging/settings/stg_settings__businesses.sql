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

    has_opening_hours
from businesses
