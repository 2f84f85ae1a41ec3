-- Where a conversation without sessions of a platform may begin anew under some gap: at the first
-- message of each session, and at what a customer or a broadcast says after half an hour.
with

messages as (
    select * from {{ ref('int_messages_ordered') }}
    where sender != 'system'
),

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

-- Such a session is named after its first message, which no platform's own id is.
parted as (
    select
        business_id,
        session_id
    from messages
    where
        message_number = 1
        and session_id = {{ content_id([
            'business_id', 'channel', 'user_id', 'system', 'chat_id', 'message_id',
        ]) }}
),

paced as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.channel,
        sessions.user_id,
        60 * businesses.session_gap_minutes as gap_seconds,
        lag(sessions.ended_at) over (
            partition by sessions.business_id, sessions.channel, sessions.user_id
            order by sessions.started_at, sessions.session_id
        ) as previous_ended_at
    from sessions
    inner join parted
        on {{ same_session('sessions', 'parted') }}
    inner join businesses
        on sessions.business_id = businesses.business_id
),

-- What comes after other than a note is told by the message itself, and spares most of the others.
candidates as (
    select
        paced.channel,
        paced.user_id as person_id,
        paced.gap_seconds,
        paced.previous_ended_at,
        messages.business_id,
        messages.session_id,
        messages.message_number,
        messages.sender,
        messages.previous_answers,
        messages.sent_at,
        greatest(
            messages.previous_customer_at, messages.previous_bot_at, messages.previous_operator_at
        ) as previous_sent_at
    from messages
    inner join paced
        on {{ same_session('messages', 'paced') }}
    where
        messages.message_number = 1
        or (
            (messages.sender = 'customer' or not messages.is_answer)
            and coalesce(
                {{ seconds_between(
                    'greatest('
                    ~ 'messages.previous_customer_at, messages.previous_bot_at, '
                    ~ 'messages.previous_operator_at)', 'messages.sent_at'
                ) }} > 1800,
                true
            )
        )
),

-- A broadcast or a note breaks the silence as well.
notes as (
    select
        candidates.business_id,
        candidates.session_id,
        candidates.message_number,
        max(messages.sent_at) as noted_at
    from candidates
    inner join messages
        on
            {{ same_session('candidates', 'messages') }}
            and candidates.message_number > messages.message_number
    where
        messages.sender = 'bot'
        and not messages.is_answer
    group by all
),

silences as (
    select
        candidates.*,
        {{ seconds_between('candidates.previous_ended_at', 'candidates.sent_at') }}
            as seconds_between_sessions,
        {{ seconds_between(
            'greatest(candidates.previous_sent_at, notes.noted_at)', 'candidates.sent_at'
        ) }} as seconds_within_session
    from candidates
    left join notes
        on
            {{ same_session('candidates', 'notes') }}
            and candidates.message_number = notes.message_number
)

-- A session that begins sooner than after the gap follows a close, which parts under any gap.
select
    business_id,
    session_id,
    message_number,

    channel,
    person_id as user_id,
    sender,

    previous_answers,
    case
        when message_number > 1 then seconds_within_session
        when seconds_between_sessions > gap_seconds then seconds_between_sessions
    end as silence_seconds,

    sent_at as opened_at
from silences
where
    message_number = 1
    or (seconds_within_session > 1800 and seconds_within_session <= gap_seconds)
