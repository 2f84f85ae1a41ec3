with

labels as (
    select * from {{ ref('stg_chat__intent_labels') }}
),

classifiable as (
    select * from {{ ref('int_messages_classifiable') }}
),

-- A label names its message by the platform's id or by the key that the review queue shows.
addressed as (
    select
        classifiable.business_id,
        classifiable.message_key,
        labels.labeller,
        labels.true_intent,
        labels.selection_probability,
        labels.labelled_at
    from labels
    inner join classifiable
        on
            labels.business_id = classifiable.business_id
            and labels.message_id = classifiable.message_id
            and classifiable.is_known_by_id

    union all

    select
        classifiable.business_id,
        classifiable.message_key,
        labels.labeller,
        labels.true_intent,
        labels.selection_probability,
        labels.labelled_at
    from labels
    inner join classifiable
        on
            labels.business_id = classifiable.business_id
            and labels.message_id = classifiable.message_key
),

-- Under two names a message is still one, of which a labeller has one opinion.
versions as (
    select
        *,
        row_number() over (
            partition by business_id, message_key, labeller
            order by labelled_at desc, true_intent asc, selection_probability asc nulls last
        ) as version_number
    from addressed
)

select
    business_id,
    message_key,
    labeller,

    true_intent,

    row_number() over (
        partition by business_id, message_key
        order by labeller
    ) as labeller_number,
    selection_probability,

    labelled_at
from versions
where version_number = 1
