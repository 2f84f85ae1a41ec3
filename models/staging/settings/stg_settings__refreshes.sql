with

refresh_context as (
    select * from {{ source('raw', 'refresh_context') }}
)

select as_of
from refresh_context
