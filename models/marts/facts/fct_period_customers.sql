{%- set dimensions = session_dimensions() -%}

with

sessions as (
    select
        *,
        {{ segment_columns(dimensions) }}
    from {{ ref('fct_sessions') }}
    where is_qualified and is_mature
),

days as (
    select * from {{ ref('fct_days') }}
    where dimension = 'all'
),

-- A person counts once in a span however many days they wrote on: days cannot be added. Each span
-- is one bit, so that a person's sessions are gathered once for all spans.
spans as (
    select
        *,
        {{ bit_of('row_number() over (partition by business_id order by period, span)') }}
            as span_bit
    from {{ ref('dim_spans') }}
),

spanned_days as (
    select
        days.business_id,
        days.session_date,
        bit_or(spans.span_bit) as spans_met
    from days
    inner join spans
        on
            days.business_id = spans.business_id
            and days.session_date between spans.span_start and spans.span_end
    group by all
),

people as (
    select
        sessions.business_id,
        sessions.user_key,
        {{ grouped_dimension(dimensions) }} as dimension,
        {{ grouped_segment(dimensions) }} as segment,
        bit_or(spanned_days.spans_met) as spans_met,
        bit_or(spanned_days.spans_met) filter (where sessions.is_converted) as spans_converted
    from sessions
    inner join spanned_days
        on
            sessions.business_id = spanned_days.business_id
            and sessions.session_date = spanned_days.session_date
    group by {{ whole_and_segments(['sessions.business_id', 'sessions.user_key'], dimensions) }}
),

alike as (
    select
        business_id,
        dimension,
        segment,
        spans_met,
        spans_converted,
        count(*) as people
    from people
    group by all
)

select
    alike.business_id,
    spans.period,
    spans.span,
    alike.dimension,
    alike.segment,

    cast(sum(alike.people) as double) as mature_people,
    cast(coalesce(sum(alike.people) filter (
        where {{ has_bit('alike.spans_converted', 'spans.span_bit') }}
    ), 0) as double) as converted_people
from alike
inner join spans
    on
        alike.business_id = spans.business_id
        and {{ has_bit('alike.spans_met', 'spans.span_bit') }}
group by
    alike.business_id,
    spans.period,
    spans.span,
    alike.dimension,
    alike.segment
