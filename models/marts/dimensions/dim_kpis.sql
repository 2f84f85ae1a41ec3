with

kpis as (
    select * from {{ ref('kpis') }}
)

select
    kpi,

    kind,
    numerator,
    denominator,
    deviation,
    unit,
    direction,
    needs,
    name_ru,
    name_en,
    definition_ru,
    definition_en,

    is_headline,

    cast(position as bigint) as position,
    cast(quantile as double) as quantile,
    cast(scale as double) as scale,
    cast(lowest as double) as lowest,
    cast(highest as double) as highest,
    cast(minimum_observations as bigint) as minimum_observations
from kpis
