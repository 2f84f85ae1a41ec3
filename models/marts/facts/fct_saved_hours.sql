with

-- 1970-01-01 stands for a conversation whose date nobody wrote down: no month is to its account.
sessions as (
    select * from {{ ref('fct_sessions') }}
    where
        is_qualified
        and session_date > date '1970-01-02'
),

handling_times as (
    select * from {{ ref('fct_handling_times') }}
),

resolved as (
    select
        business_id,
        cast(date_trunc('month', session_date) as date) as month_starts_date,
        scenario,
        count(*) as sessions,
        count(*) filter (where is_resolved) as resolved_sessions
    from sessions
    group by all
),

-- A person's time on the same scenario, or on any where too few of it are known.
timed as (
    select
        resolved.business_id,
        resolved.month_starts_date,
        resolved.sessions,
        resolved.resolved_sessions,
        coalesce(own_times.lower_seconds, all_times.lower_seconds) as low_seconds,
        coalesce(own_times.median_seconds, all_times.median_seconds) as base_seconds,
        coalesce(own_times.upper_seconds, all_times.upper_seconds) as high_seconds
    from resolved
    left join handling_times as own_times
        on
            resolved.business_id = own_times.business_id
            and resolved.scenario = own_times.scenario
            and own_times.sessions >= {{ var('fewest_to_estimate') }}
    left join handling_times as all_times
        on
            resolved.business_id = all_times.business_id
            and all_times.scenario is null
)

select
    business_id,
    month_starts_date,

    {{ total_where('sessions', 'true') }} as qualified_sessions,
    {{ total_where('resolved_sessions', 'true') }} as resolved_sessions,
{% for scenario in economic_scenarios() -%}
    case
        when sum(resolved_sessions) = 0 then 0
        else {{ exact_sum('resolved_sessions * ' ~ scenario ~ '_seconds / 3600') }}
    end as {{ scenario }}_hours_saved{{ "," if not loop.last }}
{% endfor %}
from timed
group by all
