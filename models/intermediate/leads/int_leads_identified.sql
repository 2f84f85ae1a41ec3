with

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

-- What a merged lead knew of the person, its survivor knows too.
known as (
    select
        leads.*,
        merged.surviving_lead_id
    from leads
    inner join merged
        on {{ same_lead('leads', 'merged') }}
),

-- imol|connector|line|chat|user, as Bitrix24 writes it; anything else names the chat as it stands.
identities as (
    select
        business_id,
        system,
        surviving_lead_id,
        'chat_reference' as match_method,
        cast(null as varchar) as channel,
        unnest(
            case
                when chat_reference like 'imol|%'
                    then [
                        'chat|' || split_part(chat_reference, '|', 4),
                        'user|' || split_part(chat_reference, '|', 2) || '|'
                        || split_part(chat_reference, '|', 4),
                        'user|' || split_part(chat_reference, '|', 2) || '|'
                        || split_part(chat_reference, '|', 5),
                    ]
                else ['chat|' || chat_reference]
            end
        ) as identity
    from known
    where chat_reference is not null

    union

    select
        business_id,
        system,
        surviving_lead_id,
        'user_id' as match_method,
        channel,
        user_id as identity
    from known
    where user_id is not null

    union

    select
        business_id,
        system,
        surviving_lead_id,
        'phone' as match_method,
        cast(null as varchar) as channel,
        phone as identity
    from known
    where phone is not null

    union

    select
        business_id,
        system,
        surviving_lead_id,
        'email' as match_method,
        cast(null as varchar) as channel,
        email as identity
    from known
    where email is not null
)

select
    business_id,
    system,
    surviving_lead_id as lead_id,
    match_method,
    channel,
    identity
from identities
