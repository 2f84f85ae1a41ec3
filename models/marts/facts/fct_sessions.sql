{{ config(materialized='incremental', meta={'kept_by': 'sessions', 'touches_dates': true}) }}

with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
),

served as (
    select * from {{ ref('int_sessions_served') }}
),

understood as (
    select * from {{ ref('int_sessions_understood') }}
),

resolved as (
    select * from {{ ref('int_sessions_resolved') }}
),

followed as (
    select * from {{ ref('int_sessions_followed') }}
),

converted as (
    select * from {{ ref('int_sessions_converted') }}
),

lost as (
    select * from {{ ref('int_sessions_lost') }}
)

select
    sessions.business_id,
    sessions.session_id,

    sessions.system,
    sessions.channel,
    {{ content_id(['sessions.business_id', 'sessions.channel', 'sessions.user_id']) }} as user_key,
    placed.daypart,
    sessions.scenario,
    sessions.bot_version,
    sessions.experiment,
    sessions.variant,
    sessions.utm_source,
    sessions.utm_medium,
    sessions.utm_campaign,
    classified.session_kind,
    served.handoff_type,
    resolved.outcome,
    converted.match_method,
    lost.loss_reason,
    lost.loss_reason_by_rule,
    lost.loss_evidence,

    classified.session_kind in ('inbound', 'broadcast_replied') as is_qualified,
    sessions.bot_answers > 0 as is_bot_involved,
    placed.is_settled,
    placed.is_mature,
    followed.is_returning_person,
    served.is_answered,
    served.is_answered_in_target,
    served.is_in_hours,
    served.has_time_anomaly,
    served.has_handoff,
    followed.returned_within_24h,
    followed.returned_within_72h,
    followed.returned_within_168h,
    resolved.is_resolved,
    converted.session_id is not null as is_converted,
    lost.is_loss_labelled,

    placed.weekday,
    placed.hour,
    sessions.messages,
    sessions.customer_messages,
    sessions.bot_messages,
    sessions.operator_messages,
    served.ttr_seconds,
    served.ttr_bot_seconds,
    served.ttr_human_seconds,
    served.ttr_human_business_seconds,
    coalesce(understood.classifiable_messages, 0) as classifiable_messages,
    coalesce(understood.no_match_messages, 0) as no_match_messages,
    coalesce(understood.labelled_messages, 0) as labelled_messages,
    coalesce(understood.correct_messages, 0) as correct_messages,
    understood.labelled_weight,
    understood.correct_weight,
    understood.labelled_weight_squares,
    coalesce(converted.leads, 0) as leads,
    converted.lead_amount,
    converted.paid_amount,
    followed.csat_chat,
    followed.csat_visit,
    followed.nps_score,
    served.bot_handle_seconds,
    served.human_handle_seconds,

    placed.session_date,
    sessions.started_at,
    sessions.ended_at,
    sessions.first_customer_at,
    sessions.first_bot_at,
    sessions.first_operator_at,
    placed.changes_at
from sessions
inner join classified
    on {{ same_session('sessions', 'classified') }}
inner join placed
    on {{ same_session('sessions', 'placed') }}
inner join served
    on {{ same_session('sessions', 'served') }}
inner join followed
    on {{ same_session('sessions', 'followed') }}
left join understood
    on {{ same_session('sessions', 'understood') }}
left join resolved
    on {{ same_session('sessions', 'resolved') }}
left join converted
    on {{ same_session('sessions', 'converted') }}
left join lost
    on {{ same_session('sessions', 'lost') }}
