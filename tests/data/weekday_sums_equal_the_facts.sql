{{ config(meta={'dagster': {'ref': {'name': 'fct_weekday_measures'}}}) }}

with

measures as (
    select
        business_id,
        span,
        {{ exact_sum('amount', "measure = 'mature_sessions' and is_mature") }} as mature_sessions,
        {{ exact_sum('amount', "measure = 'converted_sessions' and is_mature") }}
            as converted_sessions
    from {{ ref('fct_weekday_measures') }}
    group by all
),

spans as (
    select * from {{ ref('fct_baselines') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
),

facts as (
    select
        spans.business_id,
        spans.span,
        count(*) filter (where sessions.is_qualified and sessions.is_mature) as mature_sessions,
        count(*) filter (
            where sessions.is_qualified and sessions.is_mature and sessions.is_converted
        ) as converted_sessions
    from spans
    inner join sessions
        on
            spans.business_id = sessions.business_id
            and sessions.session_date between spans.span_start and spans.span_end
    group by all
)

select facts.business_id
from facts
full outer join measures
    on
        facts.business_id = measures.business_id
        and facts.span = measures.span
where
    measures.business_id is null
    or coalesce(facts.mature_sessions, 0) != coalesce(measures.mature_sessions, 0)
    or coalesce(facts.converted_sessions, 0) != coalesce(measures.converted_sessions, 0)
