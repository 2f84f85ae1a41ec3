{{ config(materialized='incremental', meta={'kept_by': 'dates'}) }}

with

predictions as (
    select * from {{ ref('fct_predictions') }}
    where is_qualified
)

select
    business_id,
    session_date,

    predicted_intent,
    predicted_class,
    true_intent,
    true_class,
    first_label,
    second_label,

    is_no_match,
    is_correct,
    is_disputed,

    -- A message nobody drew by lot speaks for itself alone.
    case when is_correct is not null then coalesce(label_weight, 1) end as label_weight,
    count(*) as messages,
    count(*) filter (where is_first_of_class and is_mature) as mature_sessions,
    count(*) filter (where is_first_of_class and is_mature and is_converted)
        as converted_sessions,

    -- What the log flags is labelled as it is said.
    max(case when is_correct is not null then coalesce(labelled_at, sent_at) end) as last_label_at
from predictions
where {{ is_touched('dates', 'predictions') }}
group by all
