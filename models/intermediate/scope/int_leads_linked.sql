{{ config(materialized='incremental', meta={'kept_by': 'leads'}) }}

{%- set names = [
    ('lead', 'merged_into'), ('session', 'given_session_id'), ('user', 'user_id'),
    ('contact', 'contact_id'), ('phone', 'phone'), ('email', 'email'),
] + names_of_chat_reference() %}

with

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

deals as (
    select * from {{ ref('int_deals_attributed') }}
),

named as (
    {% for kind, name in names -%}
        select
            business_id,
            lead_id,
            '{{ kind }}' as kind,
            {{ name }} as name
        from leads

        union

    {% endfor -%}
    select
        business_id,
        lead_id,
        'deal' as kind,
        deal_id as name
    from deals
)

select
    business_id,
    lead_id,
    kind,
    name
from named
where
    name is not null
    and name != ''
