with

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

counted as (
    select * from {{ ref('int_leads_counted') }}
),

deals as (
    select * from {{ ref('stg_crm__deals') }}
),

attributed as (
    select * from {{ ref('int_deals_attributed') }}
),

stages as (
    select * from {{ ref('stg_crm__stages') }}
    where stage_semantic = 'won'
),

moments as (
    select
        merged.business_id,
        merged.system,
        merged.surviving_lead_id as lead_id,
        leads.first_won_at as qualified_at
    from leads
    inner join merged
        on {{ same_lead('leads', 'merged') }}
    where leads.first_won_at is not null

    union all

    select
        merged.business_id,
        merged.system,
        merged.surviving_lead_id as lead_id,
        stages.entered_at as qualified_at
    from stages
    inner join merged
        on
            stages.business_id = merged.business_id
            and stages.system = merged.system
            and stages.entity_id = merged.lead_id
    where stages.entity = 'lead'

    union all

    -- A deal as old as its lead is the same record: it was not made of the lead.
    select
        counted.business_id,
        counted.system,
        counted.lead_id,
        deals.created_at as qualified_at
    from deals
    inner join attributed
        on {{ same_deal('deals', 'attributed') }}
    inner join counted
        on {{ same_lead('attributed', 'counted') }}
    where deals.created_at > counted.created_at
)

select
    business_id,
    system,
    lead_id,

    min(qualified_at) as qualified_at
from moments
group by all
