with

sessions as (
    select * from {{ ref('fct_sessions') }}
    where is_qualified
),

periods as (
    select * from {{ ref('dim_periods') }}
),

reasons as (
    select * from {{ ref('dim_loss_reasons') }}
),

daily as (
    select
        business_id,
        session_date,
        channel,
        loss_reason,
        count(*) as qualified_sessions,
        {{ count_where('is_mature') }} as mature_sessions,
        {{ count_where('loss_reason is not null') }} as sessions,
        {{ count_where('is_loss_labelled') }} as labelled_sessions,
        {{ count_where('is_loss_labelled and loss_reason = loss_reason_by_rule') }}
            as agreed_sessions
    from sessions
    group by all
),

spread as (
    select * from daily

    union all

    select
        business_id,
        session_date,
        'all' as channel,
        loss_reason,
        qualified_sessions,
        mature_sessions,
        sessions,
        labelled_sessions,
        agreed_sessions
    from daily
),

cells as (
    select
        periods.business_id,
        periods.period,
        spread.channel,
        spread.loss_reason,
        sum(spread.qualified_sessions) as qualified_sessions,
        sum(spread.mature_sessions) as mature_sessions,
        sum(spread.sessions) as sessions,
        sum(spread.labelled_sessions) as labelled_sessions,
        sum(spread.agreed_sessions) as agreed_sessions
    from periods
    inner join spread
        on
            periods.business_id = spread.business_id
            and spread.session_date between periods.period_start and periods.period_end
    group by all
),

totals as (
    select
        business_id,
        period,
        channel,
        sum(qualified_sessions) as qualified_sessions,
        sum(mature_sessions) as mature_sessions,
        sum(sessions) as lost_sessions
    from cells
    group by all
),

channels as (
    select distinct
        business_id,
        channel
    from spread
)

select
    periods.business_id,
    periods.period,
    channels.channel,
    reasons.loss_reason,

    cast(coalesce(cells.sessions, 0) as bigint) as sessions,
    cast(coalesce(cells.labelled_sessions, 0) as bigint) as labelled_sessions,
    cast(coalesce(cells.agreed_sessions, 0) as bigint) as agreed_sessions,
    cast(coalesce(totals.lost_sessions, 0) as bigint) as lost_sessions,
    cast(coalesce(totals.mature_sessions, 0) as bigint) as mature_sessions,
    cast(coalesce(totals.qualified_sessions, 0) as bigint) as qualified_sessions
from periods
inner join channels
    on periods.business_id = channels.business_id
cross join reasons
left join totals
    on
        periods.business_id = totals.business_id
        and periods.period = totals.period
        and channels.channel = totals.channel
left join cells
    on
        periods.business_id = cells.business_id
        and periods.period = cells.period
        and channels.channel = cells.channel
        and reasons.loss_reason = cells.loss_reason
