with

losses as (
    select * from {{ ref('fct_period_losses') }}
),

session_values as (
    select * from {{ ref('fct_session_values') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

businesses as (
    select * from {{ ref('dim_businesses') }}
),

reasons as (
    select * from {{ ref('dim_loss_reasons') }}
)

select
    losses.business_id,
    losses.period,
    losses.channel,
    losses.loss_reason,

    case
        when losses.lost_sessions = 0 then 'no_data'
        when losses.lost_sessions < {{ var('fewest_sessions') }} then 'not_enough_data'
        else 'measured'
    end as status,
    case
        when session_values.revenue_leads is null then 'no_data'
        when
            least(session_values.revenue_leads, session_values.comparable_sessions)
            < {{ var('fewest_to_estimate') }}
            then 'not_enough_data'
        else 'measured'
    end as money_status,
    businesses.currency,

    reasons.position,
    losses.sessions,
    losses.lost_sessions,
    losses.sessions / nullif(losses.lost_sessions, 0) as reason_share,
    {{ wilson('losses.sessions', 'losses.lost_sessions', 'lower') }} as reason_share_lower,
    {{ wilson('losses.sessions', 'losses.lost_sessions', 'upper') }} as reason_share_upper,
    losses.labelled_sessions,
    losses.agreed_sessions,
    losses.sessions * session_values.session_value_lower as money_lost_low,
    losses.sessions * session_values.session_value as money_lost_base,
    losses.sessions * session_values.session_value_upper as money_lost_high,
    session_values.comparable_channel,
    session_values.comparable_sessions,
    session_values.revenue_leads,
    losses.mature_sessions / nullif(losses.qualified_sessions, 0) as share_mature,

    periods.period_start,
    periods.period_end
from losses
inner join session_values
    on
        losses.business_id = session_values.business_id
        and losses.channel = session_values.channel
inner join periods
    on
        losses.business_id = periods.business_id
        and losses.period = periods.period
inner join businesses
    on losses.business_id = businesses.business_id
inner join reasons
    on losses.loss_reason = reasons.loss_reason
