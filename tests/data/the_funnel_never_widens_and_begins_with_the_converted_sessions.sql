{{ config(meta={'dagster': {'ref': {'name': 'rpt_funnel'}}}) }}

with

steps as (
    select * from {{ ref('rpt_funnel') }}
),

measures as (
    select * from {{ ref('fct_period_measures') }}
    where
        dimension = 'all'
        and span = 'current'
)

select
    steps.business_id,
    steps.period,
    steps.channel,
    steps.step
from steps
left join measures
    on
        steps.business_id = measures.business_id
        and steps.period = measures.period
where
    steps.converted > steps.entered
    or (
        steps.step = 'lead'
        and steps.channel = 'all'
        and steps.converted != coalesce(measures.converted_sessions, 0)
    )
