with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

messages as (
    select * from {{ ref('int_messages_ordered') }}
    where
        experiment is not null
        and variant is not null
),

events as (
    select * from {{ ref('int_events_assigned') }}
    where
        event = 'exposed'
        and reason is not null
        and value is not null
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
    where session_kind not in ('test', 'staff', 'spam')
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

seen as (
    select
        business_id,
        session_id,
        experiment,
        variant,
        2 as source_rank,
        message_number as source_order,
        sent_at as exposed_at
    from messages

    union all

    select
        business_id,
        session_id,
        reason as experiment,
        value as variant,
        1 as source_rank,
        0 as source_order,
        event_at as exposed_at
    from events
),

exposures as (
    select
        seen.*,
        sessions.channel,
        sessions.user_id,
        sessions.started_at,
        sessions.ended_at
    from seen
    inner join sessions
        on {{ same_session('seen', 'sessions') }}
    inner join classified
        on {{ same_session('seen', 'classified') }}
),

-- Whoever saw two variants stays with the first one: to move or drop them would undo the lot that
-- made the arms alike. At one instant the event, which says just that, is before the message.
numbered as (
    select
        *,
        row_number() over (
            partition by business_id, channel, user_id, experiment
            order by exposed_at, source_rank, started_at, session_id, source_order, variant
        ) as exposure_number,
        min(variant) over (partition by business_id, channel, user_id, experiment)
        != max(variant) over (partition by business_id, channel, user_id, experiment)
            as is_in_both_arms
    from exposures
)

select
    numbered.business_id,
    {{ content_id(['numbered.business_id', 'numbered.channel', 'numbered.user_id']) }} as user_key,
    numbered.experiment,

    numbered.variant,
    numbered.session_id,

    numbered.is_in_both_arms,

    numbered.exposed_at,
    numbered.started_at as followed_from,
    {{ plus_days('numbered.ended_at', 'businesses.lead_window_days') }} as followed_until
from numbered
inner join businesses
    on numbered.business_id = businesses.business_id
where numbered.exposure_number = 1
