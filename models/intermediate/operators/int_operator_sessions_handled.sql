with

messages as (
    select
        *,
        coalesce(operator_id, '(unknown)') as known_operator_id
    from {{ ref('int_messages_ordered') }}
    where sender = 'operator'
),

handoffs as (
    select * from {{ ref('int_events_assigned') }}
    where event in ('handoff_requested', 'handoff_started')
),

answered as (
    select * from {{ ref('int_sessions_answered') }}
    where ttr_human_seconds is not null
),

targets as (
    select * from {{ ref('int_targets_chosen') }}
    where kpi = 'ttr_human_target_seconds'
),

handed as (
    select
        messages.business_id,
        messages.session_id,
        messages.message_number,
        max(handoffs.event_at) as handoff_at
    from messages
    inner join handoffs
        on
            messages.business_id = handoffs.business_id
            and messages.session_id = handoffs.session_id
            and messages.sent_at >= handoffs.event_at
    group by all
),

-- Time that a colleague has already spent is not spent again: the operators of a session share it
-- out, and their sums are the session's.
timed as (
    select
        messages.business_id,
        messages.session_id,
        messages.known_operator_id,
        messages.sent_at,
        greatest(
            messages.previous_customer_at, handed.handoff_at, messages.previous_operator_at
        ) as began_at
    from messages
    left join handed
        on
            messages.business_id = handed.business_id
            and messages.session_id = handed.session_id
            and messages.message_number = handed.message_number
),

spent as (
    select
        business_id,
        session_id,
        known_operator_id,
        count(*) as messages,
        {{ exact_sum('least(' ~ seconds_between('began_at', 'sent_at') ~ ', '
            ~ var('handle_cap_seconds') ~ ')', 'began_at is not null') }} as handle_seconds,
        min(sent_at) as first_message_at
    from timed
    group by all
),

-- The customer waited for whoever answered first, and for no colleague who came later.
awaited as (
    select
        answered.business_id,
        answered.session_id,
        answered.ttr_human_seconds,
        arg_min(messages.known_operator_id, messages.message_number) as known_operator_id
    from answered
    inner join messages
        on
            {{ same_session('answered', 'messages') }}
            and coalesce(answered.handoff_answered_at, answered.answered_at) = messages.sent_at
    where messages.is_answer
    group by all
)

select
    spent.business_id,
    spent.session_id,
    spent.known_operator_id as operator_id,

    awaited.ttr_human_seconds <= targets.target as is_answered_in_target,

    spent.messages,
    spent.handle_seconds,
    awaited.ttr_human_seconds as wait_seconds,

    spent.first_message_at
from spent
inner join targets
    on spent.business_id = targets.business_id
left join awaited
    on
        {{ same_session('spent', 'awaited') }}
        and spent.known_operator_id = awaited.known_operator_id
