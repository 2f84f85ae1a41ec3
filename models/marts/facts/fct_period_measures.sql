{%- set measures = session_measures() + precision_measures() -%}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

days as (
    select * from {{ ref('fct_days') }}
),

leads as (
    select * from {{ ref('fct_leads') }}
    where not is_deleted
),

spans as (
    select * from {{ ref('dim_spans') }}
),

day_sums as (
    select
        spans.business_id,
        spans.period,
        spans.span,
    {% for name, _ in measures -%}
        {{ exact_sum('days.' ~ name) }} as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join days
        on
            spans.business_id = days.business_id
            and days.session_date between spans.span_start and spans.span_end
    group by all
),

spanned_sessions as (
    select
        sessions.*,
        spans.period,
        spans.span
    from spans
    inner join sessions
        on
            spans.business_id = sessions.business_id
            and sessions.session_date between spans.span_start and spans.span_end
),

-- Neither people nor ranks add up over days.
people_sums as (
    select
        business_id,
        period,
        span,
        {% for name, expression in people_measures() -%}
            cast({{ expression }} as double) as {{ name }},
        {% endfor -%}
        {{ ranked_seconds() }} as ranked
    from spanned_sessions
    group by all
),

session_sums as (
    select
        day_sums.*,
        {% for name, _ in people_measures() -%}
            people_sums.{{ name }},
        {% endfor -%}
        people_sums.ranked
    from day_sums
    inner join people_sums
        on
            day_sums.business_id = people_sums.business_id
            and day_sums.period = people_sums.period
            and day_sums.span = people_sums.span
),

lead_sums as (
    select
        spans.business_id,
        spans.period,
        spans.span,
    {% for name, expression in lead_measures() -%}
        cast({{ expression }} as double) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join leads
        on
            spans.business_id = leads.business_id
            and leads.created_date between spans.span_start and spans.span_end
    group by all
)

select
    business_id,
    period,
    span,
    measure,

    amount,
    case when measure = 'ttr_sessions' then ranked end as ranked
from session_sums
unpivot (
    amount for measure in (
        {{ (measures + people_measures()) | map('first') | join(', ') }}
    )
)

union all

select
    business_id,
    period,
    span,
    measure,

    amount,
    cast(null as double[]) as ranked
from lead_sums
unpivot (amount for measure in ({{ lead_measures() | map('first') | join(', ') }}))
