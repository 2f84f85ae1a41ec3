with

events as (
    select * from {{ ref('int_events_assigned') }}
    where event = 'closed'
),

reasons as (
    select * from {{ ref('loss_reasons') }}
),

named as (
    select
        events.business_id,
        events.session_id,
        events.system,
        events.event_id,
        events.event_at,
        coalesce(by_reason.loss_reason, by_value.loss_reason) as loss_reason
    from events
    left join reasons as by_reason
        on events.reason = by_reason.loss_reason
    left join reasons as by_value
        on events.value = by_value.loss_reason
)

-- Who closes a session again has thought again.
select
    business_id,
    session_id,

    arg_max(loss_reason, (event_at, system, event_id)) as loss_reason
from named
where loss_reason is not null
group by all
