{{ config(meta={'dagster': {'ref': {'name': 'fct_sessions'}}}) }}

with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

facts as (
    select * from {{ ref('fct_sessions') }}
    where {{ is_touched('sessions', 'fct_sessions') }}
)

select
    sessions.business_id,
    sessions.session_id
from sessions
left join facts
    on {{ same_session('sessions', 'facts') }}
where facts.session_id is null
