with

leads as (
    select * from {{ ref('stg_loading__leads') }}
    where state != 'future'
),

files as (
    select * from {{ ref('stg_loading__files') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

records as (
    select
        business_id,
        system,
        lead_id,
        max(source_file) filter (where state = 'current') as source_file,
        bool_or(is_merged) as is_merged
    from leads
    group by all
)

select
    records.business_id,
    records.system,
    records.lead_id,

    files.stream,

    records.is_merged,

    cast({{ local_time('files.loaded_at', 'businesses.timezone') }} as date) as arrival_date
from records
inner join files
    on
        records.business_id = files.business_id
        and records.source_file = files.source_file
inner join businesses
    on records.business_id = businesses.business_id
