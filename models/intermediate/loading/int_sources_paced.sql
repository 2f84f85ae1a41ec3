{%- set is_late = 'told_date > ' ~ date_plus('last_told_date', -90) -%}

with

counted as (
    select * from {{ ref('int_rows_counted') }}
),

files as (
    select * from {{ ref('stg_loading__files') }}
),

businesses as (
    select * from {{ ref('int_businesses_anchored') }}
),

sources as (
    select distinct
        business_id,
        system,
        stream
    from files
),

-- Hours are few, rows are many, and only hours have to be put on the wall clock.
hours as (
    select
        files.business_id,
        files.system,
        files.stream,
        counted.told_hour_at
    from counted
    inner join files
        on
            counted.business_id = files.business_id
            and counted.source_file = files.source_file
    group by all
    having sum(counted.current_rows + counted.superseded_rows + counted.service_rows) > 0
),

days as (
    select distinct
        hours.business_id,
        hours.system,
        hours.stream,
        businesses.as_of_date,
        cast({{ local_time('hours.told_hour_at', 'businesses.timezone') }} as date) as told_date
    from hours
    inner join businesses
        on hours.business_id = businesses.business_id
),

spaced as (
    select
        *,
        {{ days_from('lag(told_date) over earlier', 'told_date') }} as gap_days,
        max(told_date) over telling as last_told_date
    from days
    window
        telling as (partition by business_id, system, stream),
        earlier as (
            partition by business_id, system, stream
            order by told_date
        )
),

-- Of a rhythm one can speak once there are five gaps in three months.
paced as (
    select
        business_id,
        system,
        stream,
        as_of_date,
        last_told_date,
        count(*) filter (
            where
            told_date >= {{ date_plus('as_of_date', -28) }}
            and told_date < as_of_date
        ) as days_told,
        count(gap_days) filter (where {{ is_late }}) as gaps,
        percentile_disc(0.95) within group (order by gap_days) filter (
            where {{ is_late }}
        ) as gap_days
    from spaced
    group by all
)

select
    sources.business_id,
    sources.system,
    sources.stream,

    case
        when paced.gaps >= 5
            then {{ days_from('paced.last_told_date', 'paced.as_of_date') }} > paced.gap_days
    end as is_silent,

    coalesce(paced.days_told, 0) / 28.0 as share_of_days,
    case when paced.gaps >= 5 then cast(24 * paced.gap_days as double) end as usual_gap_hours,

    paced.last_told_date
from sources
inner join businesses
    on sources.business_id = businesses.business_id
left join paced
    on
        sources.business_id = paced.business_id
        and sources.system = paced.system
        and sources.stream = paced.stream
