with

spans as (
    select * from {{ ref('int_baselines_spanned') }}
),

measures as (
    select * from {{ ref('fct_weekday_measures') }}
    where measure = 'qualified_sessions'
),

matured as (
    select
        business_id,
        span,
        {{ exact_sum('amount', 'is_mature') }} as mature_sessions,
        {{ exact_sum('amount') }} as sessions
    from measures
    group by all
)

select
    spans.business_id,
    spans.span,

    matured.mature_sessions / nullif(matured.sessions, 0) as share_mature,

    spans.span_start,
    spans.span_end
from spans
left join matured
    on
        spans.business_id = matured.business_id
        and spans.span = matured.span
