with

loads as (
    select * from {{ ref('fct_loads') }}
),

sources as (
    select * from {{ ref('fct_sources') }}
)

select
    loads.business_id,
    loads.system,
    loads.stream,
    loads.arrival_date,

    loads.reject_reasons,

    sources.is_silent,

    loads.files,
    loads.rows_read,
    loads.rows_loaded,
    loads.rows_duplicate,
    loads.rows_rejected,
    loads.rows_in_raw,
    loads.rows_in_facts,
    loads.rows_loaded - loads.rows_in_facts as difference,
    loads.rows_superseded,
    loads.rows_future,
    loads.rows_of_nobody,
    loads.rows_split,
    loads.crm_leads,
    loads.leads_here,
    loads.leads_deleted,
    loads.leads_merged,
    loads.leads_missing,
    sources.share_of_days,
    sources.usual_gap_hours,

    sources.last_told_date,
    loads.last_arrival_at
from loads
inner join sources
    on
        loads.business_id = sources.business_id
        and loads.system = sources.system
        and loads.stream = sources.stream
