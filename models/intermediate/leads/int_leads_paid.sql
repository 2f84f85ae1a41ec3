with

deals as (
    select * from {{ ref('stg_crm__deals') }}
    where
        paid_at is not null
        and paid_amount is not null
),

merged as (
    select * from {{ ref('int_leads_merged') }}
)

select
    merged.business_id,
    merged.system,
    merged.surviving_lead_id as lead_id,

    {{ exact_sum('deals.paid_amount') }} as paid_amount,

    min(deals.paid_at) as paid_at
from deals
inner join merged
    on {{ same_lead('deals', 'merged') }}
group by all
