with

judged as (
    select * from {{ ref('int_messages_judged') }}
),

roles as (
    select * from {{ ref('int_intent_roles_chosen') }}
),

named as (
    select
        business_id,
        predicted_intent as intent
    from judged

    union

    select
        business_id,
        true_intent as intent
    from judged
)

select
    named.business_id,
    named.intent,

    coalesce(bool_or(roles.role = 'fallback_intents'), false)
    or named.intent = 'fallback' as is_fallback,
    coalesce(bool_or(roles.role = 'out_of_scope_intents'), false) as is_out_of_scope
from named
left join roles
    on
        named.business_id = roles.business_id
        and named.intent = roles.intent
where named.intent is not null
group by
    named.business_id,
    named.intent
