with

strata as (
    select * from {{ ref('review_strata') }}
)

select
    stratum,

    why_ru,
    why_en,

    cast(position as bigint) as position,
    cast(quota as bigint) as quota
from strata
