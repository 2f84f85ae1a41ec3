-- What a session is worth where the customer is answered in time.
with

sessions as (
    select * from {{ ref('fct_sessions') }}
    where is_qualified
),

leads as (
    select * from {{ ref('fct_leads') }}
    where
        is_revenue_mature
        and revenue_amount is not null
        and not is_deleted
),

counted as (
    select
        business_id,
        channel,
        {{ count_where('is_mature and is_answered_in_target') }} as comparable_sessions,
        {{ count_where('is_mature and is_answered_in_target and is_converted') }}
            as converted_sessions
    from sessions
    group by all
),

totals as (
    select
        business_id,
        'all' as channel,
        cast(sum(comparable_sessions) as bigint) as comparable_sessions,
        cast(sum(converted_sessions) as bigint) as converted_sessions
    from counted
    group by all
),

-- A channel with few such sessions is taken to convert as the business does.
compared as (
    select
        counted.business_id,
        counted.channel,
        case
            when counted.comparable_sessions >= {{ var('fewest_to_estimate') }}
                then counted.channel
            else 'all'
        end as comparable_channel,
        case
            when counted.comparable_sessions >= {{ var('fewest_to_estimate') }}
                then counted.comparable_sessions
            else totals.comparable_sessions
        end as comparable_sessions,
        case
            when counted.comparable_sessions >= {{ var('fewest_to_estimate') }}
                then counted.converted_sessions
            else totals.converted_sessions
        end as converted_sessions
    from counted
    inner join totals
        on counted.business_id = totals.business_id

    union all

    select
        business_id,
        channel,
        channel as comparable_channel,
        comparable_sessions,
        converted_sessions
    from totals
),

earned as (
    select
        business_id,
        count(*) as revenue_leads,
        {{ exact_sum('revenue_amount') }} as revenue,
        {{ exact_sum('revenue_amount * revenue_amount') }} as revenue_squares
    from leads
    group by all
),

estimated as (
    select
        compared.*,
        coalesce(earned.revenue_leads, 0) as revenue_leads,
        compared.converted_sessions / nullif(compared.comparable_sessions, 0) as conversion_rate,
        {{ wilson('compared.converted_sessions', 'compared.comparable_sessions', 'lower') }}
            as conversion_rate_lower,
        {{ wilson('compared.converted_sessions', 'compared.comparable_sessions', 'upper') }}
            as conversion_rate_upper,
        earned.revenue / earned.revenue_leads as revenue_per_lead,
        {{ mean_half_width('earned.revenue', 'earned.revenue_squares', 'earned.revenue_leads') }}
            as revenue_half_width
    from compared
    left join earned
        on compared.business_id = earned.business_id
),

bounded as (
    select
        *,
        case
            when revenue_half_width < revenue_per_lead then revenue_per_lead - revenue_half_width
            when revenue_half_width is not null then 0
        end as revenue_per_lead_lower,
        revenue_per_lead + revenue_half_width as revenue_per_lead_upper
    from estimated
)

select
    business_id,
    channel,

    comparable_channel,

    comparable_sessions,
    converted_sessions,
    conversion_rate,
    conversion_rate_lower,
    conversion_rate_upper,
    revenue_leads,
    revenue_per_lead,
    revenue_per_lead_lower,
    revenue_per_lead_upper,
    conversion_rate * revenue_per_lead as session_value,
    {{ product_bound('conversion_rate', 'revenue_per_lead', 'lower') }} as session_value_lower,
    {{ product_bound('conversion_rate', 'revenue_per_lead', 'upper') }} as session_value_upper
from bounded
