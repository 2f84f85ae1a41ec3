with

messages as (
    select * from {{ ref('int_messages_ordered') }}
)

select
    business_id,
    session_id,

    {{ first_said('system') }} as system,
    {{ first_said('channel') }} as channel,
    coalesce(
        {{ first_said('user_id', "sender = 'customer'") }}, {{ first_said('user_id') }}
    ) as user_id,
    {{ first_said('sender', "sender != 'system'") }} as first_sender,
    {{ last_said('sender', "sender != 'system'") }} as last_sender,
    {{ first_said('scenario') }} as scenario,
    {{ first_said('bot_version') }} as bot_version,
    {{ first_said('experiment') }} as experiment,
    {{ first_said('variant') }} as variant,
    {{ first_said('utm_source') }} as utm_source,
    {{ first_said('utm_medium') }} as utm_medium,
    {{ first_said('utm_campaign') }} as utm_campaign,
    {{ last_said('meaning', "sender = 'customer'") }} as last_customer_meaning,

    bool_or(
        sender = 'customer' and meaning not in ('greeting', 'thanks', 'goodbye', 'emoji')
    ) as has_request,
    bool_or(is_spam) as is_spam,

    count(*) as messages,
    count(*) filter (where sender = 'customer') as customer_messages,
    count(*) filter (where sender = 'bot') as bot_messages,
    -- A broadcast or an automatic "we got your message" does not involve the bot.
    count(*) filter (where sender = 'bot' and is_answer) as bot_answers,
    count(*) filter (where sender = 'operator') as operator_messages,
    min(message_number) filter (where sender = 'customer') as first_customer_number,
    max(message_number) filter (where sender = 'customer') as last_customer_number,
    max(message_number) filter (where is_answer) as last_answer_number,
    max(message_number) filter (where is_question) as last_question_number,
    max(message_number) filter (where has_price) as last_price_number,
    max(message_number) filter (where sender != 'system') as last_spoken_number,

    min(sent_at) filter (where sender != 'system') as started_at,
    max(sent_at) filter (where sender != 'system') as ended_at,
    min(sent_at) filter (where sender = 'customer') as first_customer_at,
    min(sent_at) filter (where sender = 'bot') as first_bot_at,
    min(sent_at) filter (where sender = 'operator') as first_operator_at
from messages
group by all
-- What nobody said is no conversation.
having min(sent_at) filter (where sender != 'system') is not null
