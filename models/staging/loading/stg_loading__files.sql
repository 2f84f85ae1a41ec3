with

loaded_files as (
    select * from {{ source('raw', 'loaded_files') }}
)

select
    business_id,
    source_file,

    system,
    -- A vendor's own export lies in the system's folder and may hold any stream.
    coalesce(nullif(stream, ''), '(all)') as stream,

    rows_read,
    rows_loaded,
    rows_duplicate,
    rows_rejected,

    loaded_at
from loaded_files
