with

returned as (
    select * from {{ ref('int_sessions_returned') }}
),

rated as (
    select * from {{ ref('int_sessions_rated') }}
)

select
    returned.business_id,
    returned.session_id,

    returned.is_returning_person,
    returned.returned_within_24h,
    returned.returned_within_72h,
    returned.returned_within_168h,

    rated.csat_chat,
    rated.csat_visit,
    rated.nps_score
from returned
left join rated
    on {{ same_session('returned', 'rated') }}
