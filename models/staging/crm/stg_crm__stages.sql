with

stage_history as (
    select * from {{ source('raw', 'stage_history') }}
    where {{ known_as_of('entered_at') }}
)

-- The same entry may be delivered in several files.
select distinct
    business_id,
    system,
    entity,
    entity_id,

    stage,
    stage_semantic,

    entered_at
from stage_history
