{%- set measures = resolution_measures() -%}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

definitions as (
    select * from {{ ref('dim_resolution_definitions') }}
),

-- Every one of them adds up over days, which are few.
days as (
    select
        business_id,
        session_date,
    {% for name, expression in measures -%}
        {{ expression }} as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from sessions
    group by
        business_id,
        session_date
),

sums as (
    select
        periods.business_id,
        periods.period,
    {% for name, _ in measures -%}
        coalesce(sum(days.{{ name }}), 0)::bigint as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from periods
    left join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    group by
        periods.business_id,
        periods.period
),

measured as (
    select *
    from sums
    unpivot (amount for measure in ({{ measures | map('first') | join(', ') }}))
),

counted as (
    select
        periods.business_id,
        periods.period,
        periods.period_start,
        periods.period_end,
        definitions.*,
        numerators.amount as counted_sessions,
        denominators.amount as counted_of,
        all_sessions.bot_sessions
    from periods
    cross join definitions
    inner join sums as all_sessions
        on
            periods.business_id = all_sessions.business_id
            and periods.period = all_sessions.period
    inner join measured as numerators
        on
            periods.business_id = numerators.business_id
            and periods.period = numerators.period
            and definitions.numerator = numerators.measure
    inner join measured as denominators
        on
            periods.business_id = denominators.business_id
            and periods.period = denominators.period
            and definitions.denominator = denominators.measure
)

select
    business_id,
    period,
    definition,

    name_ru,
    name_en,
    definition_ru,
    definition_en,
    differs_ru,
    differs_en,
    source_url,
    case
        when counted_of = 0 then 'no_data'
        when counted_of < {{ var('fewest_sessions') }} then 'not_enough_data'
        else 'measured'
    end as status,

    is_exact,

    position,
    counted_sessions as numerator,
    counted_of as denominator,
    counted_sessions / nullif(counted_of, 0) as rate,
    {{ wilson('counted_sessions', 'counted_of', 'lower') }} as lower,
    {{ wilson('counted_sessions', 'counted_of', 'upper') }} as upper,
    counted_of / nullif(bot_sessions, 0) as share_counted,

    period_start,
    period_end
from counted
