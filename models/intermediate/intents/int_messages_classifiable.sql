with

messages as (
    select * from {{ ref('int_messages_ordered') }}
    where
        sender = 'customer'
        and kind = 'text'
        and (intent is not null or is_fallback or intent_correct is not null)
),

handoff_events as (
    select * from {{ ref('int_events_assigned') }}
    where event in ('handoff_requested', 'handoff_started', 'handoff_ended')
),

phases as (
    select
        messages.business_id,
        messages.session_id,
        messages.message_number,
        max(handoff_events.event_at) filter (
            where handoff_events.event != 'handoff_ended'
        ) as handed_at,
        max(handoff_events.event_at) filter (
            where handoff_events.event = 'handoff_ended'
        ) as returned_at
    from messages
    inner join handoff_events
        on
            messages.business_id = handoff_events.business_id
            and messages.session_id = handoff_events.session_id
            and messages.sent_at > handoff_events.event_at
    group by all
)

-- While a person has the conversation the bot has nothing to understand.
select
    messages.business_id,
    messages.session_id,
    messages.message_number,
    messages.system,
    messages.chat_id,
    messages.message_id,
    {{ content_id([
        'messages.business_id', 'messages.system', 'messages.chat_id', 'messages.message_id',
    ]) }} as message_key,

    messages.previous_answers,
    messages.intent,
    messages.intent_confidence,

    messages.is_fallback,
    messages.intent_correct,
    -- Where chats number their messages alike, an id alone does not say which one was labelled.
    count(*) over (
        partition by messages.business_id, messages.message_id
    ) = 1 as is_known_by_id,

    messages.sent_at
from messages
left join phases
    on
        messages.business_id = phases.business_id
        and messages.session_id = phases.session_id
        and messages.message_number = phases.message_number
where
    greatest(phases.handed_at, messages.previous_operator_at) is null
    or greatest(phases.handed_at, messages.previous_operator_at)
    < greatest(phases.returned_at, messages.previous_bot_at)
