with

business_targets as (
    select * from {{ source('raw', 'business_targets') }}
)

select
    business_id,
    kpi,

    target
from business_targets
