with

costs as (
    select * from {{ source('raw', 'costs') }}
    where {{ known_as_of('cost_date') }}
)

-- A cost has no id: the same one told twice, by two files, is one.
select distinct
    business_id,
    system,
    cost_date,
    item,
    currency,

    amount
from costs
