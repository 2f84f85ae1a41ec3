with

leads as (
    select * from {{ ref('stg_crm__leads') }}
),

merged as (
    select * from {{ ref('int_leads_merged') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

-- What a merged lead knew and the survivor does not is not lost: the earliest record that names
-- a session speaks for all.
families as (
    select
        merged.business_id,
        merged.system,
        merged.surviving_lead_id as lead_id,
        min(leads.created_at) as created_at,
        arg_min(leads.given_session_id, (leads.created_at, leads.lead_id)) filter (
            where leads.given_session_id is not null
        ) as given_session_id
    from merged
    inner join leads
        on {{ same_lead('merged', 'leads') }}
    group by all
)

select
    leads.business_id,
    leads.system,
    leads.lead_id,

    leads.status,
    leads.status_semantic,
    leads.channel,
    leads.currency,
    leads.utm_source,
    leads.utm_medium,
    leads.utm_campaign,
    coalesce(leads.given_session_id, families.given_session_id) as given_session_id,

    leads.is_deleted,

    leads.amount,

    cast({{ local_time('families.created_at', 'businesses.timezone') }} as date) as created_date,
    families.created_at,
    leads.modified_at
from families
inner join leads
    on {{ same_lead('families', 'leads') }}
inner join businesses
    on families.business_id = businesses.business_id
