{{ config(meta={'dagster': {'ref': {'name': 'rpt_scorecard'}}}) }}

with

scorecards as (
    select
        business_id,
        period,
        'all' as dimension,
        'all' as segment,
        kpi,
        value,
        lower,
        upper,
        numerator,
        denominator
    from {{ ref('rpt_scorecard') }}

    union all

    select
        business_id,
        period,
        dimension,
        segment,
        kpi,
        value,
        lower,
        upper,
        numerator,
        denominator
    from {{ ref('rpt_segments') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
)

select
    scorecards.business_id,
    scorecards.period,
    scorecards.dimension,
    scorecards.segment,
    scorecards.kpi
from scorecards
inner join kpis
    on scorecards.kpi = kpis.kpi
where
    -- The interval of NPS is drawn around an adjusted value, which few answers may move past.
    (kpis.kind != 'nps' and scorecards.value + 0.000000001 < scorecards.lower)
    or (kpis.kind != 'nps' and scorecards.value - 0.000000001 > scorecards.upper)
    or scorecards.lower > scorecards.upper
    or (kpis.kind = 'rate' and (scorecards.value < 0 or scorecards.value > 1))
    or (kpis.kind = 'rate' and scorecards.numerator > scorecards.denominator)
    or (scorecards.denominator = 0 and scorecards.value is not null)
