with

marked as (
    select * from {{ ref('int_conversations_marked') }}
),

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
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

-- Beyond the gap a customer or a broadcast begins anew; what else is said to the customer goes on.
parted as (
    select
        paced.*,
        case
            when paced.sender not in ('customer', 'bot', 'operator') then false
            when paced.previous_sent_at is null then true
            when paced.sender != 'customer' and not paced.is_broadcast then false
            else
                paced.sent_at
                > {{ plus_minutes('paced.previous_sent_at', 'businesses.session_gap_minutes') }}
        end as is_parted
    from paced
    inner join businesses
        on paced.business_id = businesses.business_id
),

-- A close ends what began before it, for the first customer message that follows.
opened as (
    select
        *,
        is_parted or coalesce(
            sender = 'customer'
            and closed_at is not null
            and coalesce(previous_customer_at <= closed_at, true)
            and coalesce(reopened_at < closed_at, true)
            and coalesce(max(sent_at) filter (where is_parted) over earlier <= closed_at, true),
            false
        ) as is_opening
    from parted
    window
        earlier as (
            partition by business_id, channel, user_id
            order by
                sent_at, {{ sequence_order('sender_rank') }}, system, chat_id
            rows between unbounded preceding and 1 preceding
        )
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
