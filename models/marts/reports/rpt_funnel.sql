with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

steps as (
    select * from {{ ref('dim_funnel_steps') }}
),

days as (
    select * from {{ ref('fct_funnel_days') }}
),

cell_days as (
    select
        business_id,
        session_date,
        channel,
        position,
        qualified_sessions,
        mature_sessions
    from days

    union all

    select
        business_id,
        session_date,
        'all' as channel,
        position,
        qualified_sessions,
        mature_sessions
    from days
),

channels as (
    select
        business_id,
        channel
    from cell_days

    union

    select
        business_id,
        'all' as channel
    from businesses
),

-- Every step of every channel in every period, also of one in which nobody wrote.
cells as (
    select
        periods.business_id,
        periods.period,
        channels.channel,
        steps.step,
        steps.position,
        {{ date_plus('businesses.as_of_date', '-steps.final_after_days') }} as final_until,
        periods.period_start,
        periods.period_end
    from periods
    inner join businesses
        on periods.business_id = businesses.business_id
    inner join channels
        on periods.business_id = channels.business_id
    inner join steps
        on periods.business_id = steps.business_id
),

counted as (
    select
        cells.business_id,
        cells.period,
        cells.channel,
        cells.step,
        cells.position,
        {{ total_where('mature_sessions', 'cell_days.position >= cells.position - 1') }} as entered,
        {{ total_where('mature_sessions', 'cell_days.position >= cells.position') }} as converted,
        {{ total_where('mature_sessions', 'cell_days.session_date <= cells.final_until') }}
            as final_sessions,
        {{ total_where('qualified_sessions', 'true') }} as qualified_sessions,
        cells.period_start,
        cells.period_end
    from cells
    left join cell_days
        on
            cells.business_id = cell_days.business_id
            and cells.channel = cell_days.channel
            and cell_days.session_date between cells.period_start and cells.period_end
    group by all
)

select
    business_id,
    period,
    channel,
    step,

    case
        when entered = 0 then 'no_data'
        when entered < {{ var('fewest_sessions') }} then 'not_enough_data'
        else 'measured'
    end as status,

    position,
    entered,
    converted,
    -- Nobody enters by the first step: it is where the way begins.
    case when position > 1 then converted / nullif(cast(entered as double), 0) end as rate,
    case when position > 1 then {{ wilson('converted', 'entered', 'lower') }} end as lower,
    case when position > 1 then {{ wilson('converted', 'entered', 'upper') }} end as upper,
    final_sessions / nullif(cast(qualified_sessions as double), 0) as share_mature,

    period_start,
    period_end
from counted
