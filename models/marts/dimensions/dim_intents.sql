with

met as (
    select distinct
        business_id,
        intent
    from {{ ref('int_intents_met') }}
),

roles as (
    select * from {{ ref('int_intent_roles_chosen') }}
)

select
    met.business_id,
    met.intent,

    coalesce(bool_or(roles.role = 'fallback_intents'), false)
    or met.intent = 'fallback' as is_fallback,
    coalesce(bool_or(roles.role = 'out_of_scope_intents'), false) as is_out_of_scope
from met
left join roles
    on
        met.business_id = roles.business_id
        and met.intent = roles.intent
group by
    met.business_id,
    met.intent
