{%- set current_days = 28 -%}

with

baselines as (
    select * from {{ ref('stg_settings__baselines') }}
),

businesses as (
    select * from {{ ref('int_businesses_anchored') }}
),

-- A day belongs to one of the two at most; today is not over.
dated as (
    select
        baselines.business_id,
        baselines.baseline_start,
        baselines.baseline_end,
        greatest(
            {{ date_plus('businesses.as_of_date', -current_days) }},
            {{ date_plus('baselines.baseline_end', 1) }}
        ) as current_start,
        {{ date_plus('businesses.as_of_date', -1) }} as current_end
    from baselines
    inner join businesses
        on baselines.business_id = businesses.business_id
)

select
    business_id,
    'baseline' as span,

    baseline_start as span_start,
    baseline_end as span_end
from dated

union all

select
    business_id,
    'current' as span,

    current_start as span_start,
    current_end as span_end
from dated
