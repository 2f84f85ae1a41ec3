{{ config(meta={'dagster': {'ref': {'name': 'rpt_loss_reasons'}}}) }}

with

losses as (
    select * from {{ ref('rpt_loss_reasons') }}
),

reasons as (
    select count(*) as reasons
    from {{ ref('dim_loss_reasons') }}
),

summed as (
    select
        business_id,
        period,
        channel,
        sum(reason_share) as share_of_all,
        sum(sessions) as sessions,
        max(lost_sessions) as lost_sessions,
        count(*) as reasons,
        bool_or(money_lost_low > money_lost_base or money_lost_base > money_lost_high)
            as is_disordered
    from losses
    group by all
)

select
    summed.business_id,
    summed.period,
    summed.channel
from summed
cross join reasons
where
    (summed.lost_sessions > 0 and abs(summed.share_of_all - 1) > 0.000000001)
    or (summed.lost_sessions > 0) != (summed.share_of_all is not null)
    or summed.sessions != summed.lost_sessions
    or summed.reasons != reasons.reasons
    or summed.is_disordered
