with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

messages as (
    select * from {{ ref('int_messages_ordered') }}
),

events as (
    select * from {{ ref('int_events_assigned') }}
    where event in ('handoff_requested', 'handoff_started')
),

planned_scenarios as (
    select * from {{ ref('stg_settings__values') }}
    where setting = 'planned_handoff_scenarios'
),

handoffs as (
    select
        events.business_id,
        events.session_id,

        bool_or(events.event = 'handoff_requested') as is_requested,
        -- An event says that it was planned, or names what the business hands off by plan.
        bool_or(
            coalesce(events.reason = 'planned', false) or planned_scenarios.value is not null
        ) as is_planned,

        min(events.event_at) as handoff_at
    from events
    left join planned_scenarios
        on
            events.business_id = planned_scenarios.business_id
            and events.reason = planned_scenarios.value
    group by all
),

-- A conversation that came to a booking by way of a question is handed off as a booking.
scenarios as (
    select
        handoffs.business_id,
        handoffs.session_id,
        arg_max(messages.scenario, messages.message_number) as scenario
    from handoffs
    inner join messages
        on
            {{ same_session('handoffs', 'messages') }}
            and handoffs.handoff_at >= messages.sent_at
    where messages.scenario is not null
    group by all
)

select
    sessions.business_id,
    sessions.session_id,

    case
        when handoffs.handoff_at is null then 'took_over'
        when handoffs.is_planned or planned_scenarios.value is not null then 'planned'
        when handoffs.is_requested then 'requested'
        else 'bot_failed'
    end as handoff_type,

    handoffs.handoff_at
from sessions
left join handoffs
    on {{ same_session('sessions', 'handoffs') }}
left join scenarios
    on {{ same_session('sessions', 'scenarios') }}
left join planned_scenarios
    on
        scenarios.business_id = planned_scenarios.business_id
        and scenarios.scenario = planned_scenarios.value
where
    handoffs.handoff_at is not null
    or (sessions.bot_answers > 0 and sessions.operator_messages > 0)
