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
)

-- An answer bears the number of those before it, as does what it answers.
select
    openings.business_id,
    openings.session_id,
    openings.message_number,

    openings.channel,
    openings.user_id,
    openings.sender,

    with_lead.message_number is not null as has_lead,

    row_number() over (
        partition by openings.business_id, openings.channel, openings.user_id
        order by openings.opened_at, openings.session_id, openings.message_number
    ) as opening_number,
    openings.silence_seconds,
    answers.message_number as answer_number,

    openings.opened_at,
    answers.sent_at as answered_at
from openings
left join answers
    on
        {{ same_session('openings', 'answers') }}
        and openings.previous_answers = answers.previous_answers
left join with_lead
    on
        {{ same_session('openings', 'with_lead') }}
        and openings.message_number = with_lead.message_number
