with

costs as (
    select * from {{ ref('int_costs_checked') }}
)

select
    business_id,
    month_starts_date,
    item,

    {{ exact_sum('amount', 'not is_foreign') }} as amount,
    count(*) filter (where not is_foreign) as own_costs,
    count(*) filter (where is_foreign) as foreign_costs
from costs
group by all
