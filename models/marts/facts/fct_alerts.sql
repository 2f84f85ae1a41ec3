with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

alerts as (
    select * from {{ ref('dim_alerts') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

sources as (
    select * from {{ ref('fct_sources') }}
    where is_silent
),

rates as (
    select * from {{ ref('fct_watched_rates') }}
),

-- Who is not answered within 72 hours is lost, and nobody to be answered any more.
waiting as (
    select
        business_id,
        count(*) as waiting_sessions
    from sessions
    where
        is_qualified
        and not is_answered
        and not is_settled
    group by all
),

silent as (
    select
        business_id,
        count(*) as silent_sources,
        string_agg(system || '/' || stream, ', ' order by system, stream) as subject
    from sources
    group by all
)

select
    businesses.business_id,
    alerts.alert,

    case when alerts.alert = 'silent_source' then silent.subject end as subject,

    case alerts.alert
        when 'waiting_chats' then waiting.waiting_sessions is not null
        when 'silent_source' then silent.silent_sources is not null
        when 'handoff_jump'
            then coalesce(rates.is_different and rates.value > rates.value_before, false)
        when 'session_id_drop'
            then coalesce(rates.is_different and rates.value < rates.value_before, false)
    end as is_raised,

    cast(case alerts.alert
        when 'waiting_chats' then coalesce(waiting.waiting_sessions, 0)
        when 'silent_source' then coalesce(silent.silent_sources, 0)
        else rates.value
    end as double) as measured,
    cast(case
        when alerts.alert in ('waiting_chats', 'silent_source') then 0
        else rates.value_before
    end as double) as threshold
from businesses
cross join alerts
left join waiting
    on businesses.business_id = waiting.business_id
left join silent
    on businesses.business_id = silent.business_id
left join rates
    on
        businesses.business_id = rates.business_id
        and alerts.alert = rates.alert
