{{ config(meta={'dagster': {'ref': {'name': 'fct_operator_sessions'}}}) }}

with

shares as (
    select
        business_id,
        session_id,
        {{ exact_sum('handle_seconds') }} as handle_seconds,
        sum(messages) as messages,
        max(wait_seconds) as wait_seconds,
        count(wait_seconds) as waits
    from {{ ref('fct_operator_sessions') }}
    where {{ is_touched('sessions', 'fct_operator_sessions') }}
    group by all
),

sessions as (
    select * from {{ ref('fct_sessions') }}
    where {{ is_touched('sessions', 'fct_sessions') }}
)

select
    sessions.business_id,
    sessions.session_id
from sessions
left join shares
    on {{ same_session('sessions', 'shares') }}
where
    sessions.operator_messages != coalesce(shares.messages, 0)
    or sessions.human_handle_seconds is distinct from shares.handle_seconds
    or sessions.ttr_human_seconds is distinct from shares.wait_seconds
    or shares.waits > 1
