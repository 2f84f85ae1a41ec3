with

openings as (
    select * from {{ ref('int_openings_found') }}
),

answers as (
    select * from {{ ref('int_messages_ordered') }}
    where is_answer
),

customer_messages as (
    select * from {{ ref('int_messages_ordered') }}
    where sender = 'customer'
),

leads as (
    select * from {{ ref('int_leads_counted') }}
    where not is_deleted
),

matched as (
    select * from {{ ref('int_leads_matched') }}
    where session_id is not null
),

-- A lead goes with what its person had said last by then.
spoken_for as (
    select
        leads.business_id,
        leads.system,
        leads.lead_id,
        matched.session_id,
        coalesce(max(customer_messages.message_number), 1) as message_number
    from leads
    inner join matched
        on {{ same_lead('leads', 'matched') }}
    left join customer_messages
        on
            {{ same_session('matched', 'customer_messages') }}
            and leads.created_at >= customer_messages.sent_at
    group by
        leads.business_id,
        leads.system,
        leads.lead_id,
        matched.session_id
),

led as (
    select
        spoken_for.business_id,
        spoken_for.session_id,
        spoken_for.lead_id,
        spoken_for.system,
        max(openings.message_number) as message_number
    from spoken_for
    inner join openings
        on
            {{ same_session('spoken_for', 'openings') }}
            and spoken_for.message_number >= openings.message_number
    group by all
),

with_lead as (
    select distinct
        business_id,
        session_id,
        message_number
    from led
),

-- An answer bears the number of those before it, as does what it answers.
ordered as (
    select
        openings.*,
        answers.sent_at as answered_at,
        case when answers.sent_at is not null then answers.message_number end as answer_number,
        with_lead.message_number is not null as has_lead,
        row_number() over (
            partition by openings.business_id, openings.channel, openings.user_id
            order by openings.opened_at, openings.session_id, openings.message_number
        ) as opening_number
    from openings
    left join answers
        on
            {{ same_session('openings', 'answers') }}
            and openings.previous_answers = answers.previous_answers
    left join with_lead
        on
            {{ same_session('openings', 'with_lead') }}
            and openings.message_number = with_lead.message_number
),

-- The first answer and the first lead that come later, in whatever session.
awaited as (
    select
        *,
        first_value(answered_at ignore nulls) over later as next_answered_at,
        first_value(answer_number ignore nulls) over later as next_answer_number,
        first_value(
            case when answer_number is not null then session_id end ignore nulls
        ) over later as next_answer_session_id,
        min(case when has_lead then opening_number end) over later as next_lead_number
    from ordered
    window
        later as (
            partition by business_id, channel, user_id
            order by opening_number
            rows between current row and unbounded following
        )
),

-- The longest silence on the way there: under a shorter gap something else has begun before.
waited as (
    select
        *,
        max(silence_seconds) over until_answer as answer_silence,
        coalesce(bool_or(silence_seconds is null) over until_answer, false) as is_answer_parted,
        max(silence_seconds) over until_lead as lead_silence,
        coalesce(bool_or(silence_seconds is null) over until_lead, false) as is_lead_parted
    from awaited
    window
        until_answer as (
            partition by
                business_id, channel, user_id, next_answer_session_id, next_answer_number
            order by opening_number desc
            rows between unbounded preceding and 1 preceding
        ),
        until_lead as (
            partition by business_id, channel, user_id, next_lead_number
            order by opening_number desc
            rows between unbounded preceding and 1 preceding
        )
)

select
    business_id,
    session_id,
    message_number,

    sender as opened_by,

    silence_seconds,
    case
        when next_answered_at is not null and not is_answer_parted
            then {{ elapsed_seconds('opened_at', 'next_answered_at') }}
    end as reply_seconds,
    case
        when next_answered_at is not null and not is_answer_parted
            then coalesce(answer_silence, 0)
    end as answered_above_seconds,
    case
        when next_lead_number is not null and not is_lead_parted
            then coalesce(lead_silence, 0)
    end as converted_above_seconds,

    opened_at
from waited
