{{ config(materialized='incremental', meta={'kept_by': 'leads'}) }}

with

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

deals as (
    select * from {{ ref('stg_crm__deals') }}
),

merged as (
    select
        business_id,
        lead_id,
        'lead' as kind,
        merged_into as name
    from leads

    union

    select
        business_id,
        lead_id,
        'session' as kind,
        given_session_id as name
    from leads

    union

    select
        business_id,
        lead_id,
        'user' as kind,
        user_id as name
    from leads

    union

    select
        business_id,
        lead_id,
        'phone' as kind,
        phone as name
    from leads

    union

    select
        business_id,
        lead_id,
        'email' as kind,
        email as name
    from leads
    {%- for kind, name in names_of_chat_reference() %}

    union

    select
        business_id,
        lead_id,
        '{{ kind }}' as kind,
        {{ name }} as name
    from leads
    {%- endfor %}

    union

    select
        deals.business_id,
        deals.lead_id,
        'deal' as kind,
        deals.deal_id as name
    from deals
    inner join leads
        on
            deals.business_id = leads.business_id
            and deals.lead_id = leads.lead_id
)

select
    business_id,
    lead_id,
    kind,
    name
from merged
where
    name is not null
    and name != ''
