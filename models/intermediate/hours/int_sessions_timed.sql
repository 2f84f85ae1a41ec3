with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
    where first_customer_at is not null
),

answered as (
    select * from {{ ref('int_sessions_answered') }}
),

hours as (
    select * from {{ ref('int_hours_summed') }}
),

moments as (
    select
        business_id,
        session_id,
        'asked' as moment,
        first_customer_at as happened_at
    from sessions

    union all

    select
        business_id,
        session_id,
        'answered' as moment,
        answered_at as happened_at
    from answered
    where
        answered_by = 'operator'
        and ttr_seconds is not null

    union all

    select
        business_id,
        session_id,
        'human_asked' as moment,
        human_asked_at as happened_at
    from answered
    where ttr_human_seconds is not null

    union all

    select
        business_id,
        session_id,
        'human_answered' as moment,
        human_answered_at as happened_at
    from answered
    where ttr_human_seconds is not null
),

met as (
    select
        moments.business_id,
        moments.session_id,
        moments.moment,
        hours.is_open,
        {{ open_seconds_until('moments.happened_at') }} as open_seconds
    from moments
    inner join hours
        on
            moments.business_id = hours.business_id
            and cast(moments.happened_at as date) = hours.date_in_utc
            and moments.happened_at >= hours.begins_at
            and moments.happened_at < hours.ends_at
)

select
    business_id,
    session_id,

    bool_or(is_open) filter (where moment = 'asked') as is_in_hours,

    {{ open_seconds_between('asked', 'answered') }} as answer_business_seconds,
    {{ open_seconds_between('human_asked', 'human_answered') }} as ttr_human_business_seconds
from met
group by all
