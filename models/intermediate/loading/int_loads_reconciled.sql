with

files as (
    select * from {{ ref('stg_loading__files') }}
),

rejects as (
    select * from {{ ref('stg_loading__rejects') }}
),

counted as (
    select * from {{ ref('int_rows_counted') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

file_rows as (
    select
        business_id,
        source_file,
        loaded_at,
    {% for state in row_states() -%}
        sum({{ state }}_rows) as {{ state }}_rows{{ "," if not loop.last }}
    {% endfor %}
    from counted
    group by
        business_id,
        source_file,
        loaded_at
),

reasons as (
    select
        business_id,
        source_file,
        string_agg(reason, ', ' order by reason) as reject_reasons
    from rejects
    group by all
),

-- What the ledger says of a file beside what is there of it.
dated as (
    select
        files.business_id,
        files.system,
        files.stream,
        files.loaded_at,
        files.rows_read,
        files.rows_loaded,
        files.rows_duplicate,
        files.rows_rejected,
        reasons.reject_reasons,
        cast({{ local_time('files.loaded_at', 'businesses.timezone') }} as date) as arrival_date,
    {% for state in row_states() -%}
        coalesce(file_rows.{{ state }}_rows, 0) as {{ state }}_rows{{ "," if not loop.last }}
    {% endfor %}
    from files
    inner join businesses
        on files.business_id = businesses.business_id
    left join file_rows
        on
            files.business_id = file_rows.business_id
            and files.source_file = file_rows.source_file
    left join reasons
        on
            files.business_id = reasons.business_id
            and files.source_file = reasons.source_file
)

select
    business_id,
    system,
    stream,
    arrival_date,

    max(reject_reasons) as reject_reasons,

    count(*) as files,
    sum(rows_read)::bigint as rows_read,
    sum(rows_loaded)::bigint as rows_loaded,
    sum(rows_duplicate)::bigint as rows_duplicate,
    sum(rows_rejected)::bigint as rows_rejected,
    {% for state in row_states() -%}
        sum({{ state }}_rows)::bigint as {{ state }}_rows,
    {% endfor %}
    max(loaded_at) as last_arrival_at
from dated
group by
    business_id,
    system,
    stream,
    arrival_date
