with

paired as (
    select * from {{ ref('int_openings_paired') }}
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
    from paired
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
