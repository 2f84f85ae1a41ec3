with

sessions as (
    select * from {{ ref('fct_sessions') }}
    where
        is_qualified
        and operator_messages > 0
        and human_handle_seconds is not null
),

handled as (
    select
        business_id,
        scenario,
        human_handle_seconds
    from sessions
    where scenario is not null

    union all

    select
        business_id,
        cast(null as varchar) as scenario,
        human_handle_seconds
    from sessions
),

ranks as (
    select
        business_id,
        scenario,
        0.5 as quantile,
        count(*) as denominator,
        list(human_handle_seconds order by human_handle_seconds) as ranked
    from handled
    group by all
)

select
    business_id,
    scenario,

    denominator as sessions,
    {{ interpolated_rank('(denominator - 1) * quantile') }} as median_seconds,
    {{ rank_bound('lower') }} as lower_seconds,
    -- Where few were handled the bound is not reached: the longest ever seen caps it.
    coalesce({{ rank_bound('upper') }}, ranked[len(ranked)]) as upper_seconds
from ranks
