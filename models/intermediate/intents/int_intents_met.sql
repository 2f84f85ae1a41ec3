{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

judged as (
    select * from {{ ref('int_messages_judged') }}
)

select
    business_id,
    session_id,
    predicted_intent as intent
from judged
where predicted_intent is not null

union

select
    business_id,
    session_id,
    true_intent as intent
from judged
where true_intent is not null
