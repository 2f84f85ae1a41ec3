with

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    business_id,
    session_id,
    outcome
from sessions
where
    {{ is_touched('sessions', 'sessions') }}
    and (
        is_qualified != (outcome is not null)
        or (outcome = 'pending') = is_settled
    )
