with

operator_sessions as (
    select * from {{ ref('fct_operator_sessions') }}
    where is_qualified
),

periods as (
    select * from {{ ref('dim_periods') }}
),

counted as (
    select
        periods.business_id,
        periods.period,
        operator_sessions.operator_id,
        periods.period_start,
        periods.period_end,
        count(*) as sessions,
        count(operator_sessions.wait_seconds) as denominator,
        {{ count_where('operator_sessions.is_answered_in_target') }}
            as answered_in_target_sessions,
        {{ total_where('operator_sessions.messages', 'true') }} as messages,
        {{ sum_where('operator_sessions.handle_seconds', 'true') }} as handle_seconds,
        {{ sum_where(
            'operator_sessions.handle_seconds * operator_sessions.handle_seconds', 'true'
        ) }} as handle_seconds_squares,
        list(operator_sessions.wait_seconds order by operator_sessions.wait_seconds) filter (
            where operator_sessions.wait_seconds is not null
        ) as ranked
    from periods
    inner join operator_sessions
        on
            periods.business_id = operator_sessions.business_id
            and operator_sessions.session_date between periods.period_start and periods.period_end
    group by all
)

select
    business_id,
    period,
    operator_id,

    case
        when sessions < {{ var('fewest_sessions') }} then 'not_enough_data'
        else 'measured'
    end as status,

    sessions,
    messages,
    denominator as answered_sessions,
    answered_in_target_sessions,
    answered_in_target_sessions / nullif(denominator, 0) as answered_in_target_rate,
    {{ wilson('answered_in_target_sessions', 'denominator', 'lower') }}
        as answered_in_target_lower,
    {{ wilson('answered_in_target_sessions', 'denominator', 'upper') }}
        as answered_in_target_upper,
    {{ interpolated_rank('(denominator - 1) * 0.5') }} as wait_median_seconds,
    {{ interpolated_rank('(denominator - 1) * 0.9') }} as wait_p90_seconds,
    handle_seconds,
    handle_seconds / nullif(sessions, 0) as aht_seconds,
    greatest(
        handle_seconds / nullif(sessions, 0)
        - {{ mean_half_width('handle_seconds', 'handle_seconds_squares', 'sessions') }},
        0
    ) as aht_lower,
    handle_seconds / nullif(sessions, 0)
    + {{ mean_half_width('handle_seconds', 'handle_seconds_squares', 'sessions') }} as aht_upper,

    period_start,
    period_end
from counted
