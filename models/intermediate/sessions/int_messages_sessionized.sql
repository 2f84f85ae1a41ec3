with

messages as (
    select * from {{ ref('stg_chat__messages') }}
),

session_events as (
    select * from {{ ref('stg_chat__session_events') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

-- What one person and a business said to each other on one channel, with the marks that end or
-- resume a conversation standing after the messages of the same second.
marked as (
    select
        business_id,
        channel,
        user_id,
        system,
        chat_id,
        message_id,
        sender,
        sequence,
        {{ sender_rank('sender') }} as sender_rank,
        cast(null as varchar) as mark,
        sent_at
    from messages
    where given_session_id is null

    union all

    select
        business_id,
        channel,
        user_id,
        system,
        '' as chat_id,
        event_id as message_id,
        'mark' as sender,
        cast(null as bigint) as sequence,
        9 as sender_rank,
        event as mark,
        event_at as sent_at
    from session_events
    where
        given_session_id is null
        and event in ('closed', 'reopened')
),

paced as (
    select
        *,
        max(sent_at) filter (where sender in ('customer', 'bot', 'operator')) over earlier
            as previous_sent_at,
        max(sent_at) filter (where sender = 'customer') over earlier as previous_customer_at,
        max(sent_at) filter (where mark = 'closed') over earlier as closed_at,
        max(sent_at) filter (where mark = 'reopened') over earlier as reopened_at
    from marked
    window
        earlier as (
            partition by business_id, channel, user_id
            order by
                sent_at, {{ sequence_order('sender_rank') }}, system, chat_id
            rows between unbounded preceding and 1 preceding
        )
),

opened as (
    select
        paced.*,
        case
            when paced.sender not in ('customer', 'bot', 'operator') then false
            when paced.previous_sent_at is null then true
            when paced.sender != 'customer' then false
            when
                paced.sent_at
                > {{ plus_minutes('paced.previous_sent_at', 'businesses.session_gap_minutes') }}
                then true
            else coalesce(
                (
                    paced.previous_customer_at is null
                    or paced.previous_customer_at <= paced.closed_at
                )
                and (paced.reopened_at is null or paced.reopened_at < paced.closed_at)
                and paced.closed_at is not null,
                false
            )
        end as is_opening
    from paced
    inner join businesses
        on paced.business_id = businesses.business_id
),

-- The id is made of the opening message alone: a late record cannot rename its neighbours.
found as (
    select
        business_id,
        system,
        chat_id,
        message_id,
        mark,
        last_value(
            case
                when is_opening
                    then {{ content_id([
                        'business_id', 'channel', 'user_id', 'system', 'chat_id', 'message_id',
                    ]) }}
            end ignore nulls
        ) over (
            partition by business_id, channel, user_id
            order by
                sent_at, {{ sequence_order('sender_rank') }}, system, chat_id
            rows between unbounded preceding and current row
        ) as session_id
    from opened
)

select
    business_id,
    system,
    chat_id,
    message_id,

    session_id
from found
where
    mark is null
    and session_id is not null
