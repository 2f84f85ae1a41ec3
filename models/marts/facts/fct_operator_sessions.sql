{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

handled as (
    select * from {{ ref('int_operator_sessions_handled') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
)

select
    handled.business_id,
    handled.session_id,
    handled.operator_id,

    classified.session_kind in ('inbound', 'broadcast_replied') as is_qualified,
    handled.is_answered_in_target,

    handled.messages,
    handled.handle_seconds,
    handled.wait_seconds,

    placed.session_date,
    handled.first_message_at
from handled
inner join classified
    on {{ same_session('handled', 'classified') }}
inner join placed
    on {{ same_session('handled', 'placed') }}
