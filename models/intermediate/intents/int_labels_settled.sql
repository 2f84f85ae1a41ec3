with

labels as (
    select * from {{ ref('int_labels_assigned') }}
)

select
    business_id,
    message_key,

    -- Labellers who disagree leave the message unlabelled until they agree.
    case when count(distinct true_intent) = 1 then min(true_intent) end as true_intent,
    case when count(*) > 1 then min(true_intent) filter (where labeller_number = 1) end
        as first_label,
    min(true_intent) filter (where labeller_number = 2) as second_label,

    count(distinct true_intent) > 1 as is_disputed,

    count(*) as labellers,
    case when count(distinct true_intent) = 1 then 1 / min(selection_probability) end
        as label_weight,

    max(labelled_at) as labelled_at
from labels
group by
    business_id,
    message_key
