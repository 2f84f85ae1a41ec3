with

leads as (
    select * from {{ ref('stg_crm__leads') }}
    where contact_id is not null
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

-- What was deleted in the CRM is no lead that a visit or a payment could be due to.
counted as (
    select * from {{ ref('int_leads_counted') }}
    where not is_deleted
)

select distinct
    counted.business_id,
    counted.system,
    counted.lead_id,
    leads.contact_id,

    counted.created_at
from leads
inner join merged
    on {{ same_lead('leads', 'merged') }}
inner join counted
    on
        merged.business_id = counted.business_id
        and merged.system = counted.system
        and merged.surviving_lead_id = counted.lead_id
