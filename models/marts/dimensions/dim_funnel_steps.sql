with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

steps as (
    select * from {{ ref('funnel_steps') }}
)

select
    businesses.business_id,
    steps.step,

    steps.name_ru,
    steps.name_en,

    cast(steps.position as bigint) as position,
    -- Each step has its own time after the one before it, a payment after the lead.
    cast(
        case steps.step
            when 'session' then 0
            when 'lead' then businesses.lead_window_days
            when 'qualified' then businesses.lead_window_days + {{ var('qualified_window_days') }}
            when 'booked'
                then
                    businesses.lead_window_days
                    + {{ var('qualified_window_days') + var('booked_window_days') }}
            else
                businesses.lead_window_days
                + {{ [
                    var('qualified_window_days') + var('booked_window_days')
                    + var('arrived_window_days'),
                    var('revenue_window_days'),
                ] | max }}
        end as bigint
    ) as final_after_days
from businesses
cross join steps
