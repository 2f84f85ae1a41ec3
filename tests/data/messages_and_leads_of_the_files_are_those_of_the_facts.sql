{{ config(meta={'dagster': {'ref': {'name': 'rpt_reconciliation'}}}) }}

with

message_rows as (
    select
        business_id,
        sum(current_rows) as messages
    from {{ ref('int_message_rows_counted') }}
    group by all
),

sessions as (
    select
        business_id,
        sum(customer_messages + bot_messages + operator_messages) as messages
    from {{ ref('fct_sessions') }}
    group by all
),

reconciled as (
    select
        business_id,
        sum(leads_here) as leads
    from {{ ref('rpt_reconciliation') }}
    group by all
),

leads as (
    select
        business_id,
        count(*) as leads
    from {{ ref('fct_leads') }}
    where not is_deleted
    group by all
)

select
    coalesce(message_rows.business_id, sessions.business_id) as business_id,
    message_rows.messages as messages_in_files,
    sessions.messages as messages_in_facts,
    reconciled.leads as leads_in_files,
    leads.leads as leads_in_facts
from message_rows
full outer join sessions
    on message_rows.business_id = sessions.business_id
left join reconciled
    on message_rows.business_id = reconciled.business_id
left join leads
    on message_rows.business_id = leads.business_id
where
    coalesce(message_rows.messages, 0) != coalesce(sessions.messages, 0)
    or coalesce(reconciled.leads, 0) != coalesce(leads.leads, 0)
