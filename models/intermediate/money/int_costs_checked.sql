with

costs as (
    select * from {{ ref('stg_money__costs') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
)

select
    costs.business_id,
    costs.system,
    costs.cost_date,
    costs.item,
    costs.currency,

    costs.currency != businesses.currency as is_foreign,

    costs.amount,

    cast(date_trunc('month', costs.cost_date) as date) as month_starts_date
from costs
inner join businesses
    on costs.business_id = businesses.business_id
