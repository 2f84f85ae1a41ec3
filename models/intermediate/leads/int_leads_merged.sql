with recursive

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

-- From the leads that were merged into nothing (or into one we never saw) down to all that ended
-- up in them.
lineages as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        leads.lead_id as surviving_lead_id
    from leads
    left join leads as targets
        on
            leads.business_id = targets.business_id
            and leads.system = targets.system
            and leads.merged_into = targets.lead_id
    where
        targets.lead_id is null
        or targets.lead_id = leads.lead_id

    union all

    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        lineages.surviving_lead_id
    from leads
    inner join lineages
        on
            leads.business_id = lineages.business_id
            and leads.system = lineages.system
            and leads.merged_into = lineages.lead_id
    where leads.lead_id != leads.merged_into
)

select
    leads.business_id,
    leads.system,
    leads.lead_id,

    -- Leads merged in a circle have no survivor: each then stands for itself.
    coalesce(lineages.surviving_lead_id, leads.lead_id) as surviving_lead_id
from leads
left join lineages
    on {{ same_lead('leads', 'lineages') }}
