with

deals as (
    select * from {{ ref('stg_crm__deals') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

contacted as (
    select * from {{ ref('int_leads_contacted') }}
),

candidates as (
    select
        deals.business_id,
        deals.system,
        deals.deal_id,
        merged.surviving_lead_id as lead_id,
        cast(null as timestamp) as created_at
    from deals
    inner join merged
        on {{ same_lead('deals', 'merged') }}

    union all

    select
        deals.business_id,
        deals.system,
        deals.deal_id,
        contacted.lead_id,
        contacted.created_at
    from deals
    inner join contacted
        on
            deals.business_id = contacted.business_id
            and deals.system = contacted.system
            and deals.contact_id = contacted.contact_id
            and deals.created_at >= contacted.created_at
    where deals.lead_id is null
)

select
    business_id,
    system,
    deal_id,

    lead_id
from candidates
qualify
    row_number() over (
        partition by business_id, system, deal_id
        order by created_at desc, lead_id desc
    ) = 1
