with

business_values as (
    select * from {{ source('raw', 'business_values') }}
)

select
    business_id,
    setting,
    value
from business_values
