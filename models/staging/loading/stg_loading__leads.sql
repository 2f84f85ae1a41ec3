with

leads as (
    select
        *,
        {{ known_as_of('modified_at') }} as is_known
    from {{ source('raw', 'leads') }}
),

versions as (
    select
        *,
        row_number() over (
            partition by business_id, system, lead_id, is_known
            order by modified_at desc, loaded_at desc, source_file desc, source_line desc
        ) as version_number
    from leads
)

select
    business_id,
    system,
    source_file,

    lead_id,
    case
        when not is_known then 'future'
        when version_number > 1 then 'superseded'
        else 'current'
    end as state,

    merged_into is not null as is_merged,

    modified_at as told_at,
    loaded_at
from versions
