with

sessions as (
    select * from {{ ref('fct_sessions') }}
)

select
    business_id,
    session_id,
    loss_reason
from sessions
where
    {{ is_touched('sessions', 'sessions') }}
    and (
        (is_qualified and is_mature and not is_converted) != (loss_reason is not null)
        or (loss_reason is null) != (loss_reason_by_rule is null)
        or (loss_reason is null) != (loss_evidence is null)
        or (not is_loss_labelled and loss_reason != loss_reason_by_rule)
    )
