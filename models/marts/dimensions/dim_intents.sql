with

predictions as (
    select * from {{ ref('fct_predictions') }}
),

roles as (
    select * from {{ ref('int_intent_roles_chosen') }}
),

met as (
    select
        business_id,
        predicted_intent as intent
    from predictions
    where predicted_intent is not null

    union

    select
        business_id,
        true_intent as intent
    from predictions
    where true_intent is not null
)

select
    met.business_id,
    met.intent,

    coalesce(bool_or(roles.role = 'fallback_intents'), false) as is_fallback,
    coalesce(bool_or(roles.role = 'out_of_scope_intents'), false) as is_out_of_scope
from met
left join roles
    on
        met.business_id = roles.business_id
        and met.intent = roles.intent
group by
    met.business_id,
    met.intent
