with

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

own_roles as (
    select * from {{ ref('stg_settings__values') }}
    where setting in ('fallback_intents', 'out_of_scope_intents')
),

known_roles as (
    select * from {{ ref('intent_roles') }}
),

customised as (
    select distinct
        business_id,
        setting
    from own_roles
),

chosen as (
    select
        business_id,
        setting as role,
        value as intent
    from own_roles

    union

    select
        business_id,
        'out_of_scope_intents' as role,
        'out_of_scope' as intent
    from businesses

    union

    -- What the verdict below a threshold is called, means it where a bot says so itself.
    select
        business_id,
        'fallback_intents' as role,
        'fallback' as intent
    from businesses

    union

    select
        businesses.business_id,
        known_roles.role,
        known_roles.intent
    from businesses
    cross join known_roles
    left join customised
        on
            businesses.business_id = customised.business_id
            and known_roles.role = customised.setting
    where customised.business_id is null
)

select
    business_id,
    role,
    intent
from chosen
