with

alerts as (
    select * from {{ ref('alerts') }}
)

select
    alert,

    name_ru,
    name_en,
    text_ru,
    text_en,

    cast(position as bigint) as position
from alerts
