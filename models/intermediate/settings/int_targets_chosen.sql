with

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

own_targets as (
    select * from {{ ref('stg_settings__targets') }}
),

default_targets as (
    select * from {{ ref('default_targets') }}
),

offered as (
    select
        businesses.business_id,
        default_targets.kpi,
        default_targets.target
    from businesses
    cross join default_targets
)

select
    coalesce(own_targets.business_id, offered.business_id) as business_id,
    coalesce(own_targets.kpi, offered.kpi) as kpi,

    coalesce(own_targets.target, offered.target) as target
from offered
full outer join own_targets
    on
        offered.business_id = own_targets.business_id
        and offered.kpi = own_targets.kpi
