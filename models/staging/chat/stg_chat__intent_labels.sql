with

intent_labels as (
    select * from {{ source('raw', 'intent_labels') }}
    where {{ known_as_of('labelled_at') }}
),

-- One labeller has one opinion of a message: the last.
versions as (
    select
        *,
        row_number() over (
            partition by business_id, message_id, labeller
            order by
                labelled_at desc, true_intent asc, selection_probability asc nulls last, system asc
        ) as version_number
    from intent_labels
)

select
    business_id,
    message_id,
    labeller,

    true_intent,

    selection_probability,

    labelled_at
from versions
where version_number = 1
