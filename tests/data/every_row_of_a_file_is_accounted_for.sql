{{ config(meta={'dagster': {'ref': {'name': 'rpt_reconciliation'}}}) }}

with

reconciled as (
    select * from {{ ref('rpt_reconciliation') }}
)

select
    business_id,
    system,
    stream,
    arrival_date
from reconciled
where
    rows_read != rows_loaded + rows_duplicate + rows_rejected
    or rows_in_raw != rows_in_facts + rows_superseded + rows_future + rows_of_nobody
    or difference != rows_superseded + rows_future + rows_of_nobody - rows_split
    -- Only a row of the article's table is several rows.
    or (rows_split != 0 and system != 'article')
    or crm_leads != leads_here + leads_deleted + leads_merged + leads_missing
    or leads_missing != 0
