with

openings as (
    select * from {{ ref('fct_openings') }}
    where
        is_qualified
        and opened_by = 'customer'
),

gaps as (
    select * from {{ ref('dim_session_gaps') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
    where session_kind = 'inbound'
),

-- Under a gap a session begins where the silence was longer, and what came after a longer silence
-- is no longer its own.
parted as (
    select
        gaps.business_id,
        gaps.gap_minutes,
        gaps.is_own,
        openings.is_settled,
        openings.is_mature,
        openings.answered_above_seconds <= 60 * gaps.gap_minutes as is_answered,
        openings.converted_above_seconds <= 60 * gaps.gap_minutes as is_converted,
        case
            when openings.answered_above_seconds <= 60 * gaps.gap_minutes
                then openings.reply_seconds
        end as ttr_seconds
    from gaps
    inner join openings
        on
            gaps.business_id = openings.business_id
            and coalesce(openings.silence_seconds > 60 * gaps.gap_minutes, true)
),

counted as (
    select
        gaps.business_id,
        gaps.gap_minutes,
        gaps.is_own,
        count(parted.business_id) as sessions,
        {{ count_where('parted.is_answered or parted.is_settled') }} as answerable_sessions,
        {{ count_where('parted.is_settled and not coalesce(parted.is_answered, false)') }}
            as unanswered_sessions,
        {{ count_where('parted.is_mature') }} as mature_sessions,
        {{ count_where('parted.is_mature and parted.is_converted') }} as converted_sessions,
        count(parted.ttr_seconds)
        + {{ count_where('parted.is_settled and not coalesce(parted.is_answered, false)') }}
            as denominator,
        list(parted.ttr_seconds order by parted.ttr_seconds) filter (
            where parted.ttr_seconds is not null
        ) as ranked
    from gaps
    left join parted
        on
            gaps.business_id = parted.business_id
            and gaps.gap_minutes = parted.gap_minutes
    group by
        gaps.business_id,
        gaps.gap_minutes,
        gaps.is_own
),

rated as (
    select
        *,
        {{ interpolated_rank('(denominator - 1) * 0.5') }} as ttr_median_seconds,
        unanswered_sessions / nullif(answerable_sessions, 0) as unanswered_rate,
        converted_sessions / nullif(mature_sessions, 0) as conversion_rate
    from counted
),

inbound as (
    select
        business_id,
        count(*) as sessions
    from sessions
    group by all
)

select
    rated.business_id,
    rated.gap_minutes,

    case
        when rated.sessions < {{ var('fewest_sessions') }} then 'not_enough_data'
        else 'measured'
    end as status,

    rated.is_own as is_own_gap,

    rated.gap_minutes / 60.0 as gap_hours,
    rated.sessions,
    coalesce(inbound.sessions, 0) - own.sessions as given_sessions,
    rated.ttr_median_seconds,
    rated.answerable_sessions,
    rated.unanswered_sessions,
    rated.unanswered_rate,
    {{ wilson('rated.unanswered_sessions', 'rated.answerable_sessions', 'lower') }}
        as unanswered_lower,
    {{ wilson('rated.unanswered_sessions', 'rated.answerable_sessions', 'upper') }}
        as unanswered_upper,
    rated.mature_sessions,
    rated.converted_sessions,
    rated.conversion_rate,
    {{ wilson('rated.converted_sessions', 'rated.mature_sessions', 'lower') }}
        as conversion_lower,
    {{ wilson('rated.converted_sessions', 'rated.mature_sessions', 'upper') }}
        as conversion_upper,
    rated.sessions - own.sessions as sessions_change,
    rated.ttr_median_seconds - own.ttr_median_seconds as ttr_median_change_seconds,
    rated.unanswered_rate - own.unanswered_rate as unanswered_rate_change,
    rated.conversion_rate - own.conversion_rate as conversion_rate_change
from rated
inner join rated as own
    on
        rated.business_id = own.business_id
        and own.is_own
left join inbound
    on rated.business_id = inbound.business_id
