{{ config(materialized='incremental', meta={'kept_by': 'sessions'}) }}

with

openings as (
    select * from {{ ref('int_openings_followed') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
)

select
    openings.business_id,
    openings.session_id,

    openings.opened_by,

    classified.session_kind in ('inbound', 'broadcast_replied') as is_qualified,
    placed.is_settled,
    placed.is_mature,

    openings.message_number,
    openings.silence_seconds,
    openings.reply_seconds,
    openings.answered_above_seconds,
    openings.converted_above_seconds,

    openings.opened_at
from openings
inner join classified
    on {{ same_session('openings', 'classified') }}
inner join placed
    on {{ same_session('openings', 'placed') }}
