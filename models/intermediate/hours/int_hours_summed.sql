-- The open seconds between two moments are the difference of those before each, so that a wait of
-- years costs no more than one of minutes. No stretch crosses midnight in UTC: its date finds it.
with

dates as (
    select * from {{ ref('int_dates_asked') }}
),

intervals as (
    select * from {{ ref('int_hours_opened') }}
),

changes as (
    select
        business_id,
        opened_at as begins_at,
        1 as change
    from intervals

    union all

    select
        business_id,
        closed_at as begins_at,
        -1 as change
    from intervals

    union all

    select
        business_id,
        cast(calendar_date as timestamp) as begins_at,
        0 as change
    from dates
),

moments as (
    select
        business_id,
        begins_at,
        sum(change) as change
    from changes
    group by all
),

stretches as (
    select
        business_id,
        begins_at,
        lead(begins_at) over (partition by business_id order by begins_at) as ends_at,
        sum(change) over (
            partition by business_id
            order by begins_at
            rows between unbounded preceding and current row
        ) > 0 as is_open
    from moments
)

select
    business_id,

    is_open,

    coalesce(
        sum(case when is_open then {{ seconds_between('begins_at', 'ends_at') }} else 0 end) over (
            partition by business_id
            order by begins_at
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) as open_seconds_before,

    cast(begins_at as date) as date_in_utc,
    begins_at,
    ends_at
from stretches
where ends_at is not null
