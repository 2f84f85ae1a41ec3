with

experiment_metrics as (
    select * from {{ ref('experiment_metrics') }}
)

select
    metric,

    direction,
    name_ru,
    name_en,
    definition_ru,
    definition_en,

    cast(position as bigint) as position,
    cast(sought_difference as double) as sought_difference,
    cast(minimum_people as bigint) as minimum_people
from experiment_metrics
