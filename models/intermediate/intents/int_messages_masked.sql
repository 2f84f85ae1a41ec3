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
),

-- What has no words cannot be labelled.
worded as (
    select
        business_id,
        message_key,
        {{ masked_by_rules(without_text_end('body'), 'before_names') }} as message_words,
        row_number() over (order by business_id, message_key) as position
    from texts
    where
        version_number = 1
        and trim(body) != ''
),

-- The pattern of all names is so long that reading it takes longer than looking for it: it is read
-- once, for all texts as one, in which no name can reach from one text into the next.
joined as (
    select
        {{ texts_parted(masked_names(
            texts_joined('message_words', 'position'), 'any_value(declined_names.pattern)'
        )) }} as message_words
    from worded
    cross join declined_names
),

parted as (
    select
        unnest(message_words) as message_words,
        generate_subscripts(message_words, 1) as position
    from joined
)

select
    worded.business_id,
    worded.message_key,

    left({{ masked_by_rules('parted.message_words', 'after_names') }}, 300) as message_words
from worded
inner join parted
    on worded.position = parted.position
