{{ config(meta={'dagster': {'ref': {'name': 'rpt_intent_quality'}}}) }}

with

quality as (
    select * from {{ ref('rpt_intent_quality') }}
),

scorecard as (
    select * from {{ ref('rpt_scorecard') }}
    where kpi = 'intent_accuracy'
)

select
    quality.business_id,
    quality.period
from quality
full outer join scorecard
    on
        quality.business_id = scorecard.business_id
        and quality.period = scorecard.period
where
    quality.business_id is null
    or scorecard.business_id is null
    or (quality.accuracy is null) != (scorecard.value is null)
    -- The scorecard adds weights that are rounded to a millionth.
    or abs(quality.accuracy - scorecard.value) > 0.00001
    or abs(quality.effective_labels - coalesce(scorecard.observations, 0))
    > 0.00001 * greatest(1, quality.effective_labels)
