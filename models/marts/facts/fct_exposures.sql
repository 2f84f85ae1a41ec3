{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

exposures as (
    select * from {{ ref('int_exposures_decided') }}
),

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    exposures.business_id,
    exposures.user_key,
    exposures.experiment,

    exposures.variant,
    exposures.session_id,

    exposures.is_in_both_arms,
    bool_and(sessions.is_mature) as is_mature,
    coalesce(
        bool_or(sessions.is_converted) filter (where sessions.is_qualified), false
    ) as is_converted,
    bool_or(sessions.has_handoff) filter (
        where sessions.is_qualified and sessions.is_bot_involved
    ) as has_handoff,
    bool_and(sessions.is_resolved) filter (where sessions.is_qualified) as is_resolved,
    bool_and(sessions.is_answered_in_target) filter (where sessions.is_qualified)
        as is_answered_in_target,

    count(*) as sessions,
    {{ sum_where('sessions.csat_chat', 'true') }} as csat_chat_sum,
    count(sessions.csat_chat) as csat_chat_responses,

    min(sessions.session_date) as exposed_date,
    exposures.exposed_at
from exposures
inner join sessions
    on
        exposures.business_id = sessions.business_id
        and exposures.user_key = sessions.user_key
        and exposures.followed_from <= sessions.started_at
        and exposures.followed_until >= sessions.started_at
group by all
