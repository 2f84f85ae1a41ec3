with

targets as (
    select * from {{ ref('int_targets_chosen') }}
)

select
    business_id,
    kpi,

    target
from targets
