-- The one place where words are kept, and of few messages alone.
with

drawn as (
    select * from {{ ref('int_messages_drawn') }}
),

deliveries as (
    select * from {{ ref('stg_chat__deliveries') }}
),

first_names as (
    select * from {{ ref('first_names') }}
),

declined_names as (
    select {{ any_of_patterns(declined('first_names.name')) }} as pattern
    from first_names
),

-- Of an edited message the last text counts.
texts as (
    select
        drawn.business_id,
        drawn.message_key,
        deliveries.body,
        row_number() over (
            partition by drawn.business_id, drawn.message_key
            order by deliveries.sent_at desc, deliveries.body desc nulls last
        ) as version_number
    from drawn
    inner join deliveries
        on
            drawn.business_id = deliveries.business_id
            and drawn.system = deliveries.system
            and drawn.chat_id = deliveries.chat_id
            and drawn.message_id = deliveries.message_id
)

select
    texts.business_id,
    texts.message_key,

    {{ masked_words('texts.body', 'declined_names.pattern') }} as message_words
from texts
cross join declined_names
-- What has no words cannot be labelled.
where
    texts.version_number = 1
    and trim(texts.body) != ''
