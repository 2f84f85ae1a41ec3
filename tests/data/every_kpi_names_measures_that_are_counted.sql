{{ config(meta={'dagster': {'ref': {'name': 'dim_kpis'}}}) }}

with

kpis as (
    select * from {{ ref('dim_kpis') }}
)

select
    kpi,
    numerator,
    denominator,
    deviation
from kpis
where
    {{ measure_position('numerator') }} is null
    or (kind != 'count' and {{ measure_position('denominator') }} is null)
    or (
        kind in ('mean', 'nps', 'weighted_rate')
        and {{ measure_position('deviation') }} is null
    )
