with

leads as (
    select * from {{ ref('int_leads_counted') }}
    where not is_deleted
),

matched as (
    select * from {{ ref('int_leads_matched') }}
    where session_id is not null
),

paid as (
    select * from {{ ref('int_leads_paid') }}
)

select
    matched.business_id,
    matched.session_id,

    arg_max(matched.match_method, (matched.match_confidence, matched.match_method))
        as match_method,

    count(*) as leads,
    {{ exact_sum('leads.amount') }} as lead_amount,
    {{ exact_sum('paid.paid_amount') }} as paid_amount
from matched
inner join leads
    on {{ same_lead('matched', 'leads') }}
left join paid
    on {{ same_lead('matched', 'paid') }}
group by all
