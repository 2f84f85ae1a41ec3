with

messages as (
    select * from {{ ref('int_messages_ordered') }}
),

judged as (
    select * from {{ ref('int_messages_judged') }}
),

-- A run of customer messages and the answer that ends it follow the same number of answers.
runs as (
    select
        business_id,
        session_id,
        previous_answers,
        arg_min(system, message_number) filter (where sender = 'customer') as system,
        arg_min(chat_id, message_number) filter (where sender = 'customer') as chat_id,
        arg_min(message_id, message_number) filter (where sender = 'customer') as message_id,
        min(sent_at) filter (where sender = 'customer') as asked_at,
        min(sent_at) filter (where is_answer) as answered_at,
        max(sender) filter (where is_answer) as answered_by
    from messages
    where
        sender = 'customer'
        or is_answer
    group by all
    having min(sent_at) filter (where sender = 'customer') is not null
),

-- A turn is judged by the first of its messages that the classifier had to classify.
judged_runs as (
    select
        business_id,
        session_id,
        previous_answers,
        min(message_number) as message_number
    from judged
    group by all
)

select
    runs.business_id,
    {{ content_id([
        'runs.business_id', 'runs.session_id', 'runs.system', 'runs.chat_id', 'runs.message_id',
    ]) }} as turn_id,
    runs.session_id,

    runs.answered_by,
    judged.predicted_intent as intent,
    judged.true_intent,

    judged.is_no_match,
    judged.is_correct,
    coalesce(
        runs.answered_by = 'bot'
        and runs.previous_answers = min(runs.previous_answers) filter (
            where runs.answered_by = 'bot'
        ) over (partition by runs.business_id, runs.session_id),
        false
    ) as is_first_bot_answer,

    row_number() over (
        partition by runs.business_id, runs.session_id
        order by runs.previous_answers
    ) as turn_number,
    judged.intent_confidence,
    judged.label_weight,
    {{ elapsed_seconds('runs.asked_at', 'runs.answered_at') }} as reply_seconds,

    runs.asked_at,
    runs.answered_at
from runs
left join judged_runs
    on
        runs.business_id = judged_runs.business_id
        and runs.session_id = judged_runs.session_id
        and runs.previous_answers = judged_runs.previous_answers
left join judged
    on
        judged_runs.business_id = judged.business_id
        and judged_runs.session_id = judged.session_id
        and judged_runs.message_number = judged.message_number
