with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

classified as (
    select * from {{ ref('int_sessions_classified') }}
    where session_kind in ('inbound', 'broadcast_replied')
),

placed as (
    select * from {{ ref('int_sessions_placed') }}
    where is_mature
),

served as (
    select * from {{ ref('int_sessions_served') }}
),

resolved as (
    select * from {{ ref('int_sessions_resolved') }}
),

understood as (
    select * from {{ ref('int_sessions_understood') }}
),

converted as (
    select * from {{ ref('int_sessions_converted') }}
),

booked as (
    select distinct
        business_id,
        given_session_id as session_id
    from {{ ref('stg_crm__bookings') }}
    where given_session_id is not null
),

diverted as (
    select * from {{ ref('int_sessions_diverted') }}
),

labelled as (
    select * from {{ ref('int_losses_labelled') }}
),

-- The rules in their order: the first that holds is the reason.
ruled as (
    select
        sessions.business_id,
        sessions.session_id,
        sessions.customer_messages,
        sessions.last_question_number,
        sessions.last_price_number,
        placed.weekday,
        placed.hour,
        served.answered_by,
        served.handoff_type,
        served.is_in_hours,
        served.measured_seconds,
        served.target_seconds,
        understood.no_match_messages,
        diverted.lead_channel,
        resolved.outcome,
        labelled.loss_reason as labelled_reason,
        case
            when not served.is_answered then 'no_answer'
            when served.is_handoff_unanswered then 'handoff_unanswered'
            when
                not served.is_answered_in_target
                and sessions.last_customer_number < served.first_answer_number
                then 'slow_answer'
            when not served.is_in_hours then 'out_of_hours'
            when understood.no_match_messages > 0 and booked.session_id is null
                then 'not_understood'
            when diverted.session_id is not null then 'wrong_channel'
            when sessions.last_question_number = sessions.last_spoken_number
                then 'stuck_at_question'
            when sessions.last_price_number = sessions.last_answer_number then 'price'
            else 'other'
        end as ruled_reason
    from sessions
    inner join classified
        on {{ same_session('sessions', 'classified') }}
    inner join placed
        on {{ same_session('sessions', 'placed') }}
    inner join served
        on {{ same_session('sessions', 'served') }}
    inner join resolved
        on {{ same_session('sessions', 'resolved') }}
    left join understood
        on {{ same_session('sessions', 'understood') }}
    left join booked
        on {{ same_session('sessions', 'booked') }}
    left join diverted
        on {{ same_session('sessions', 'diverted') }}
    left join labelled
        on {{ same_session('sessions', 'labelled') }}
    left join converted
        on {{ same_session('sessions', 'converted') }}
    where converted.session_id is null
)

select
    business_id,
    session_id,

    coalesce(labelled_reason, ruled_reason) as loss_reason,
    ruled_reason as loss_reason_by_rule,
    case
        when labelled_reason is not null
            then {{ evidence({'label': 'labelled_reason', 'rule': 'ruled_reason'}) }}
        {% for reason, values in loss_evidence().items() -%}
            when ruled_reason = '{{ reason }}'
                then {{ evidence(values) }}
        {% endfor -%}
    end as loss_evidence,

    labelled_reason is not null as is_loss_labelled
from ruled
