with

definitions as (
    select * from {{ ref('resolution_definitions') }}
)

select
    definition,

    numerator,
    denominator,
    name_ru,
    name_en,
    definition_ru,
    definition_en,
    differs_ru,
    differs_en,
    source_url,

    is_exact,

    position
from definitions
