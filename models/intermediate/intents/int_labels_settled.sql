with

intent_labels as (
    select * from {{ ref('stg_chat__intent_labels') }}
)

select
    business_id,
    message_id,

    min(true_intent) as true_intent,

    1 / min(selection_probability) as label_weight,

    max(labelled_at) as labelled_at
from intent_labels
group by
    business_id,
    message_id
-- Labellers who disagree leave the message unlabelled until they agree.
having count(distinct true_intent) = 1
