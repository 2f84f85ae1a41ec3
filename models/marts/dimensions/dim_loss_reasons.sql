with

reasons as (
    select * from {{ ref('loss_reasons') }}
)

select
    loss_reason,

    name_ru,
    name_en,
    advice_ru,
    advice_en,

    cast(position as bigint) as position
from reasons
