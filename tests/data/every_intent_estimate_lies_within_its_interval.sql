{{ config(meta={'dagster': {'ref': {'name': 'fct_intent_estimates'}}}) }}

with

estimates as (
    select * from {{ ref('fct_intent_estimates') }}
)

select
    business_id,
    period,
    estimate,
    intent
from estimates
where
    value is null
    or value < 0
    or value > 1 + 0.000000001
    or value < lower - 0.000000001
    or value > upper + 0.000000001
    or (lower is null) != (estimate = 'f1')
    or effective_labels > labels + 0.000001
