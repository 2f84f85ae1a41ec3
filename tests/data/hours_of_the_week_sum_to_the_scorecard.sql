{{ config(meta={'dagster': {'ref': {'name': 'rpt_speed_heatmap'}}}) }}

with

scorecard as (
    select * from {{ ref('rpt_scorecard') }}
),

hours as (
    select
        business_id,
        period,
        sum(sessions) as sessions,
        sum(unanswered_sessions) as unanswered_sessions
    from {{ ref('rpt_speed_heatmap') }}
    group by all
)

select
    scorecard.business_id,
    scorecard.period,
    scorecard.kpi
from scorecard
left join hours
    on
        scorecard.business_id = hours.business_id
        and scorecard.period = hours.period
where
    (scorecard.kpi = 'sessions' and scorecard.value != coalesce(hours.sessions, 0))
    or (
        scorecard.kpi = 'unanswered_rate'
        and coalesce(scorecard.numerator, 0) != coalesce(hours.unanswered_sessions, 0)
    )
