with

loads as (
    select * from {{ ref('int_loads_reconciled') }}
),

delivered as (
    select * from {{ ref('int_leads_delivered') }}
),

leads as (
    select * from {{ ref('fct_leads') }}
),

lead_counts as (
    select
        delivered.business_id,
        delivered.system,
        delivered.stream,
        delivered.arrival_date,
        count(*) as crm_leads,
        {{ count_where('not leads.is_deleted') }} as leads_here,
        {{ count_where('leads.is_deleted') }} as leads_deleted,
        {{ count_where('leads.lead_id is null and delivered.is_merged') }} as leads_merged,
        {{ count_where('leads.lead_id is null and not delivered.is_merged') }} as leads_missing
    from delivered
    left join leads
        on {{ same_lead('delivered', 'leads') }}
    group by all
)

select
    loads.business_id,
    loads.system,
    loads.stream,
    loads.arrival_date,

    loads.reject_reasons,

    loads.files,
    loads.rows_read,
    loads.rows_loaded,
    loads.rows_duplicate,
    loads.rows_rejected,
    loads.current_rows + loads.superseded_rows + loads.future_rows + loads.service_rows
        as rows_in_raw,
    loads.current_rows + loads.superseded_rows + loads.future_rows + loads.service_rows
    - loads.rows_loaded as rows_split,
    loads.current_rows as rows_in_facts,
    loads.superseded_rows as rows_superseded,
    loads.future_rows as rows_future,
    loads.service_rows as rows_of_nobody,
    lead_counts.crm_leads,
    lead_counts.leads_here,
    lead_counts.leads_deleted,
    lead_counts.leads_merged,
    lead_counts.leads_missing,

    loads.last_arrival_at
from loads
left join lead_counts
    on
        loads.business_id = lead_counts.business_id
        and loads.system = lead_counts.system
        and loads.stream = lead_counts.stream
        and loads.arrival_date = lead_counts.arrival_date
