with

unlabelled as (
    select * from {{ ref('int_messages_unlabelled') }}
),

businesses as (
    select * from {{ ref('int_businesses_anchored') }}
),

strata as (
    select * from {{ ref('review_strata') }}
),

fresh as (
    select unlabelled.*
    from unlabelled
    inner join businesses
        on unlabelled.business_id = businesses.business_id
    where {{ is_fresh_enough('unlabelled.sent_date') }}
),

counts as (
    select
        business_id,
        predicted_intent,
        count(*) as messages,
        sum(count(*)) over (partition by business_id) as business_messages
    from fresh
    group by
        business_id,
        predicted_intent
),

layered as (
    select
        fresh.*,
        case
            when fresh.is_disputed then 'disputed'
            when fresh.is_no_match then 'no_match'
            when fresh.is_unsure then 'unsure'
            -- One message in fifty is taken for this intent, or fewer.
            when counts.messages * 50 <= counts.business_messages then 'rare'
            else 'routine'
        end as stratum
    from fresh
    inner join counts
        on
            fresh.business_id = counts.business_id
            and fresh.predicted_intent = counts.predicted_intent
),

sizes as (
    select
        business_id,
        stratum,
        count(*) as messages
    from layered
    group by all
),

running as (
    select
        businesses.business_id,
        strata.stratum,
        strata.position,
        coalesce(sizes.messages, 0) as messages,
        sum(coalesce(sizes.messages, 0)) over until_here as messages_so_far,
        sum(strata.quota) over until_here as quota_so_far
    from businesses
    cross join strata
    left join sizes
        on
            businesses.business_id = sizes.business_id
            and strata.stratum = sizes.stratum
    window until_here as (partition by businesses.business_id order by strata.position)
),

-- A stratum takes its quota and what those before it left of theirs, or all that it has.
filled as (
    select
        *,
        messages_so_far + least(0, min(quota_so_far - messages_so_far) over until_here)
            as taken_so_far
    from running
    window until_here as (partition by business_id order by position)
),

allotted as (
    select
        *,
        taken_so_far - lag(taken_so_far, 1, 0) over (
            partition by business_id
            order by position
        ) as taken
    from filled
),

-- The key is a digest: its order is a lottery that gives the same lots each time.
numbered as (
    select
        layered.*,
        allotted.position as stratum_position,
        allotted.taken,
        allotted.messages,
        row_number() over (
            partition by layered.business_id, layered.stratum
            order by layered.message_key
        ) as lot
    from layered
    inner join allotted
        on
            layered.business_id = allotted.business_id
            and layered.stratum = allotted.stratum
)

select
    business_id,
    session_id,
    message_key,
    system,
    chat_id,
    message_id,

    stratum,
    predicted_intent,

    row_number() over (
        partition by business_id
        order by stratum_position, lot
    ) as position,
    cast(taken as double) / messages as selection_probability,
    intent_confidence,

    sent_date
from numbered
where lot <= taken
