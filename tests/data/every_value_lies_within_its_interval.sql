{{ config(meta={'dagster': {'ref': {'name': 'rpt_scorecard'}}}) }}

with

scorecard as (
    select * from {{ ref('rpt_scorecard') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
)

select
    scorecard.business_id,
    scorecard.period,
    scorecard.kpi
from scorecard
inner join kpis
    on scorecard.kpi = kpis.kpi
where
    -- The interval of NPS is drawn around an adjusted value, which few answers may move past.
    (kpis.kind != 'nps' and scorecard.value + 0.000000001 < scorecard.lower)
    or (kpis.kind != 'nps' and scorecard.value - 0.000000001 > scorecard.upper)
    or scorecard.lower > scorecard.upper
    or (kpis.kind = 'rate' and (scorecard.value < 0 or scorecard.value > 1))
    or (kpis.kind = 'rate' and scorecard.numerator > scorecard.denominator)
    or (scorecard.denominator = 0 and scorecard.value is not null)
