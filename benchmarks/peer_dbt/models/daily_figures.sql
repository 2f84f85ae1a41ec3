-- The text of limit.sql, which reads relations of these names, so that there is one query to trust.
with

messages as (
    select *
    from {{ source('raw', 'messages') }}
),

leads as (
    select *
    from {{ source('raw', 'leads') }}
)

select *
from (
{{ var('figures_query') }}
)
