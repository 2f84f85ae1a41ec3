{%- set measures = session_measures() + precision_measures() -%}

with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

spans as (
    select * from {{ ref('int_baselines_spanned') }}
),

weekday_sums as (
    select
        spans.business_id,
        spans.span,
        spans.span_start,
        spans.span_end,
        sessions.weekday,
        sessions.is_mature,
    {% for name, expression in measures -%}
        cast({{ expression }} as double) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
    from spans
    inner join sessions
        on
            spans.business_id = sessions.business_id
            and sessions.session_date between spans.span_start and spans.span_end
    group by all
)

select
    business_id,
    span,
    weekday,
    measure,

    is_mature,

    amount,

    span_start,
    span_end
from weekday_sums
unpivot (amount for measure in ({{ measures | map('first') | join(', ') }}))
