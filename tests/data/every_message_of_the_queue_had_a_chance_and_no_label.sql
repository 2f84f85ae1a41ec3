{{ config(meta={'dagster': {'ref': {'name': 'rpt_review_queue'}}}) }}

with

queue as (
    select * from {{ ref('rpt_review_queue') }}
),

predictions as (
    select * from {{ ref('fct_predictions') }}
)

select
    queue.business_id,
    queue.message_key
from queue
left join predictions
    on
        queue.business_id = predictions.business_id
        and queue.message_key = predictions.message_key
where
    predictions.message_key is null
    or predictions.is_correct is not null
    or not predictions.is_qualified
    or queue.selection_probability <= 0
    or queue.selection_probability > 1
    or queue.position > 200
