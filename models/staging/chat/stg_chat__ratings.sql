with

ratings as (
    select * from {{ source('raw', 'ratings') }}
    where {{ known_as_of('rated_at') }}
),

-- A rating changed under the same id counts as it was given last.
delivered as (
    select
        *,
        row_number() over (
            partition by business_id, system, rating_id
            order by
                rated_at desc, score desc, scale_max asc, survey asc, metric asc,
                session_id asc nulls last, user_id asc nulls last, lead_id asc nulls last
        ) as delivery_number
    from ratings
)

select
    business_id,
    system,
    rating_id,

    session_id as given_session_id,
    user_id,
    lead_id,
    survey,
    metric,

    score,
    scale_max,

    rated_at
from delivered
where delivery_number = 1
