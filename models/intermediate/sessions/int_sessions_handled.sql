with

messages as (
    select * from {{ ref('int_messages_ordered') }}
    where
        sender = 'operator'
        or (sender = 'bot' and is_answer)
),

handoffs as (
    select * from {{ ref('int_events_assigned') }}
    where event in ('handoff_requested', 'handoff_started')
),

-- Only an operator's time can start with a handoff.
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
    where messages.sender = 'operator'
    group by all
),

started as (
    select
        messages.business_id,
        messages.session_id,
        messages.sender,
        messages.sent_at,
        greatest(
            messages.previous_customer_at,
            handed.handoff_at,
            case messages.sender
                when 'operator' then messages.previous_operator_at
                else messages.previous_bot_at
            end
        ) as began_at
    from messages
    left join handed
        on
            messages.business_id = handed.business_id
            and messages.session_id = handed.session_id
            and messages.message_number = handed.message_number
),

timed as (
    select
        business_id,
        session_id,
        sender,
        -- Engines disagree whether the least of NULL and a number is NULL.
        case
            when began_at is not null
                then least(
                    {{ seconds_between('began_at', 'sent_at') }}, {{ var('handle_cap_seconds') }}
                )
        end as handle_seconds
    from started
)

select
    business_id,
    session_id,

    {{ exact_sum('handle_seconds', "sender = 'bot'") }} as bot_handle_seconds,
    {{ exact_sum('handle_seconds', "sender = 'operator'") }} as human_handle_seconds
from timed
group by all
