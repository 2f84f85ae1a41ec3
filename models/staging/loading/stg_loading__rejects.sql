with

rejected as (
    select * from {{ source('raw', 'rejected') }}
)

select distinct
    business_id,
    source_file,
    reason
from rejected
