with

deals as (
    select * from {{ source('raw', 'deals') }}
    where {{ known_as_of('modified_at') }}
),

versions as (
    select
        *,
        row_number() over (
            partition by business_id, system, deal_id
            order by
                modified_at desc,
                {{ content_id([
                    'lead_id', 'contact_id', 'stage', 'stage_semantic', 'pipeline',
                    'amount::varchar', 'paid_amount::varchar', 'paid_at::varchar',
                    'session_id', 'loss_reason', 'closed_at::varchar', 'is_deleted::varchar',
                ]) }}
        ) as version_number
    from deals
)

select
    business_id,
    system,
    deal_id,

    lead_id,
    contact_id,
    session_id as given_session_id,
    stage,
    stage_semantic,
    pipeline,
    currency,
    loss_reason,

    amount,
    paid_amount,

    created_at,
    closed_at,
    paid_at
from versions
where
    version_number = 1
    and not coalesce(is_deleted, false)
