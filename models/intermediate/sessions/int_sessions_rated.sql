with

-- Scales are never mixed: CSAT counts on 1–5, NPS on 0–10.
ratings as (
    select
        *,
        (rated_at, rating_id, system) as answer_order
    from {{ ref('int_ratings_assigned') }}
    where
        session_id is not null
        and scale_max = case metric when 'csat' then 5 else 10 end
        and (metric != 'csat' or score >= 1)
)

select
    business_id,
    session_id,

    arg_max(score, answer_order) filter (where metric = 'csat' and survey = 'chat') as csat_chat,
    arg_max(score, answer_order) filter (where metric = 'csat' and survey = 'visit') as csat_visit,
    arg_max(score, answer_order) filter (where metric = 'nps') as nps_score
from ratings
group by all
