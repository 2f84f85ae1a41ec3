with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
    where first_customer_at is not null
),

messages as (
    select * from {{ ref('int_messages_ordered') }}
),

handoffs as (
    select * from {{ ref('int_sessions_handed_off') }}
),

asked as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.bot_answers,
        sessions.first_customer_number,
        sessions.first_customer_at,
        messages.system,
        messages.chat_id,
        messages.sequence as first_customer_sequence,
        handoffs.handoff_at
    from sessions
    inner join messages
        on
            sessions.business_id = messages.business_id
            and sessions.session_id = messages.session_id
            and sessions.first_customer_number = messages.message_number
    left join handoffs
        on {{ same_session('sessions', 'handoffs') }}
),

-- A chat's own numbering may know that an answer follows although a clock says otherwise.
answers as (
    select
        asked.business_id,
        asked.session_id,
        asked.bot_answers,
        asked.first_customer_at,
        asked.handoff_at,
        messages.sender,
        messages.message_number,
        messages.sent_at
    from asked
    inner join messages
        on {{ same_session('asked', 'messages') }}
    where
        messages.is_answer
        and (
            messages.message_number > asked.first_customer_number
            or (
                messages.sequence > asked.first_customer_sequence
                and messages.system = asked.system
                and messages.chat_id = asked.chat_id
            )
        )
),

clocked as (
    select
        business_id,
        session_id,
        bot_answers,
        first_customer_at,
        handoff_at,
        arg_min(sender, message_number) as answered_by,
        min(message_number) as first_answer_number,
        min(sent_at) as answered_at,
        min(sent_at) filter (where sender = 'bot') as bot_answered_at,
        min(sent_at) filter (where sender = 'operator') as operator_answered_at,
        min(sent_at) filter (
            where
            sender = 'operator'
            and {{ seconds_between('handoff_at', 'sent_at') }} >= -{{ var('clock_skew_seconds') }}
        ) as handoff_answered_at
    from answers
    group by all
),

-- A person's clock runs from the handoff, or from t0 where no bot took part.
handed as (
    select
        *,
        case
            when handoff_at is not null then handoff_at
            when bot_answers = 0 then first_customer_at
        end as human_asked_at,
        case
            when handoff_at is not null then handoff_answered_at
            when bot_answers = 0 then operator_answered_at
        end as human_answered_at
    from clocked
),

timed as (
    select
        *,
        {{ elapsed_seconds('first_customer_at', 'answered_at') }} as ttr_seconds,
        {{ elapsed_seconds('first_customer_at', 'bot_answered_at') }} as ttr_bot_seconds,
        {{ elapsed_seconds('human_asked_at', 'human_answered_at') }} as ttr_human_seconds
    from handed
)

select
    business_id,
    session_id,

    answered_by,

    ttr_seconds is null
    or (bot_answered_at is not null and ttr_bot_seconds is null)
    or (human_answered_at is not null and ttr_human_seconds is null) as has_time_anomaly,

    first_answer_number,
    ttr_seconds,
    ttr_bot_seconds,
    ttr_human_seconds,

    answered_at,
    handoff_answered_at,
    human_asked_at,
    human_answered_at
from timed
