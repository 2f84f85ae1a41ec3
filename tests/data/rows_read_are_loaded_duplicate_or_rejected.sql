{{ config(meta={'dagster': {'ref': {'name': 'loaded_files'}}}) }}

with

loaded_files as (
    select * from {{ source('raw', 'loaded_files') }}
)

select
    source_file,
    rows_read,
    rows_loaded,
    rows_duplicate,
    rows_rejected
from loaded_files
where rows_read != rows_loaded + rows_duplicate + rows_rejected
