with

periods as (
    select * from {{ ref('dim_periods') }}
)

select
    business_id,
    period,
    'current' as span,

    period_start as span_start,
    period_end as span_end
from periods

union all

select
    business_id,
    period,
    'previous' as span,

    previous_start as span_start,
    previous_end as span_end
from periods
where previous_start is not null
