with

deals as (
    select * from {{ ref('stg_crm__deals') }}
    where
        paid_at is not null
        and paid_amount is not null
),

attributed as (
    select * from {{ ref('int_deals_attributed') }}
),

leads as (
    select * from {{ ref('int_leads_counted') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

payments as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        deals.paid_amount,
        deals.paid_at,
        deals.paid_at
        <= {{ plus_days('leads.created_at', var('revenue_window_days')) }} as is_in_window,
        coalesce(deals.currency, businesses.currency) != businesses.currency as is_foreign
    from deals
    inner join attributed
        on {{ same_deal('deals', 'attributed') }}
    inner join leads
        on {{ same_lead('attributed', 'leads') }}
    inner join businesses
        on deals.business_id = businesses.business_id
)

select
    business_id,
    system,
    lead_id,

    {{ exact_sum('paid_amount') }} as paid_amount,
    -- Two currencies do not add up: nothing is known then.
    case
        when not coalesce(bool_or(is_foreign) filter (where is_in_window), false)
            then coalesce({{ exact_sum('paid_amount', 'is_in_window') }}, 0)
    end as revenue_amount,

    min(paid_at) as paid_at
from payments
group by all
