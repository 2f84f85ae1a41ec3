with

expected_changes as (
    select * from {{ ref('expected_changes') }}
)

select
    kpi,

    cast(relative_change as double) as relative_change
from expected_changes
