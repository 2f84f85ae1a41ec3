with

businesses as (
    select * from {{ source('raw', 'businesses') }}
)

select
    business_id,

    baseline_from as baseline_start,
    baseline_to as baseline_end
from businesses
where
    baseline_from is not null
    and baseline_to is not null
