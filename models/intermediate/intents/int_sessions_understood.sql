with

judged as (
    select * from {{ ref('int_messages_judged') }}
)

select
    business_id,
    session_id,

    count(*) as classifiable_messages,
    count(*) filter (where is_no_match) as no_match_messages,
    count(*) filter (where is_correct is not null) as labelled_messages,
    count(*) filter (where is_correct) as correct_messages,
    -- A message nobody drew by lot speaks for itself alone.
    {{ exact_sum('coalesce(label_weight, 1)', 'is_correct is not null') }} as labelled_weight,
    {{ exact_sum('coalesce(label_weight, 1)', 'is_correct') }} as correct_weight,
    {{ exact_sum('coalesce(label_weight, 1) ** 2', 'is_correct is not null') }}
        as labelled_weight_squares
from judged
group by all
