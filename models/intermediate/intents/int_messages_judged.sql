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
        classifiable.*,
        labels.true_intent,
        labels.label_weight,
        coalesce(labels.is_disputed, false) as is_disputed,
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
            and classifiable.message_key = labels.message_key
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
),

-- All that is out of scope is one class, whatever it is called and whether the bot gave up or knew.
classed as (
    select
        *,
        case when is_no_match or is_said_out_of_scope then 'out_of_scope' else intent end
            as predicted_class,
        case when is_out_of_scope then 'out_of_scope' else true_intent end as true_class
    from compared
)

select
    business_id,
    session_id,
    message_number,
    message_key,

    previous_answers,
    intent,
    case when is_no_match then 'fallback' else intent end as predicted_intent,
    true_intent,
    predicted_class,
    true_class,

    is_no_match,
    case
        -- Where people disagree the log does not decide either.
        when is_disputed then null
        when true_class is null then intent_correct
        else coalesce(predicted_class = true_class, false)
    end as is_correct,
    row_number() over (
        partition by business_id, session_id, predicted_class
        order by message_number
    ) = 1 as is_first_of_class,

    intent_confidence,
    label_weight,

    sent_at
from classed
