with

classifiable as (
    select * from {{ ref('int_messages_classifiable') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

labels as (
    select * from {{ ref('int_labels_settled') }}
),

fallback_intents as (
    select * from {{ ref('int_intent_roles_chosen') }}
    where role = 'fallback_intents'
),

out_of_scope_intents as (
    select * from {{ ref('int_intent_roles_chosen') }}
    where role = 'out_of_scope_intents'
),

compared as (
    select
        classifiable.business_id,
        classifiable.session_id,
        classifiable.message_number,
        classifiable.previous_answers,
        classifiable.intent,
        classifiable.intent_confidence,
        classifiable.intent_correct,
        labels.true_intent,
        labels.label_weight,
        coalesce(classifiable.is_fallback, false)
        or fallback_intents.intent is not null
        or coalesce(
            classifiable.intent_confidence < businesses.intent_threshold, false
        ) as is_no_match,
        true_scope.intent is not null as is_out_of_scope,
        said_scope.intent is not null as is_said_out_of_scope
    from classifiable
    inner join businesses
        on classifiable.business_id = businesses.business_id
    left join labels
        on
            classifiable.business_id = labels.business_id
            and classifiable.message_id = labels.message_id
            and classifiable.is_known_by_id
    left join fallback_intents
        on
            classifiable.business_id = fallback_intents.business_id
            and classifiable.intent = fallback_intents.intent
    left join out_of_scope_intents as true_scope
        on
            classifiable.business_id = true_scope.business_id
            and labels.true_intent = true_scope.intent
    left join out_of_scope_intents as said_scope
        on
            classifiable.business_id = said_scope.business_id
            and classifiable.intent = said_scope.intent
)

select
    business_id,
    session_id,
    message_number,

    previous_answers,
    case when is_no_match then 'fallback' else intent end as predicted_intent,
    true_intent,

    is_no_match,
    case
        when true_intent is null then intent_correct
        when is_no_match or is_said_out_of_scope then is_out_of_scope
        else coalesce(intent = true_intent, false)
    end as is_correct,

    intent_confidence,
    label_weight
from compared
