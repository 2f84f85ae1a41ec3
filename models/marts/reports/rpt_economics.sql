with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

saved_hours as (
    select * from {{ ref('fct_saved_hours') }}
),

uplifts as (
    select * from {{ ref('fct_conversion_uplifts') }}
),

revenues as (
    select * from {{ ref('fct_revenue_estimates') }}
),

costs as (
    select * from {{ ref('fct_bot_costs') }}
),

inputs as (
    {% for scenario in economic_scenarios() -%}
        select
            saved_hours.business_id,
            saved_hours.month_starts_date,
            '{{ scenario }}' as scenario,
            businesses.currency,
            costs.basis as cost_basis,
            revenues.basis as revenue_basis,
            costs.is_month_over,
            saved_hours.qualified_sessions,
            saved_hours.resolved_sessions,
            saved_hours.{{ scenario }}_hours_saved as hours_saved,
            businesses.operator_hourly_cost,
            uplifts.mature_sessions,
            uplifts.baseline_sessions,
            uplifts.conversion_rate,
            uplifts.baseline_rate,
            uplifts.{{ scenario }}_uplift as conversion_uplift,
            revenues.leads as revenue_leads,
            {{ revenue_of_scenario(scenario) }} as revenue_per_lead,
            businesses.margin_share,
            costs.amount as cost_amount,
            businesses.baseline_from,
            businesses.baseline_to
        from saved_hours
        inner join businesses
            on saved_hours.business_id = businesses.business_id
        left join uplifts
            on {{ same_month('saved_hours', 'uplifts') }}
        left join revenues
            on {{ same_month('saved_hours', 'revenues') }}
        left join costs
            on {{ same_month('saved_hours', 'costs') }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

valued as (
    select
        *,
        hours_saved * operator_hourly_cost as saved_amount,
        conversion_uplift * mature_sessions as incremental_leads,
        conversion_uplift * mature_sessions * revenue_per_lead * margin_share
            as incremental_margin
    from inputs
)

select
    business_id,
    month_starts_date,
    scenario,

    case
        when {{ missing_inputs() }} is not null then 'incomplete'
        when least(mature_sessions, baseline_sessions) < {{ var('fewest_sessions') }}
            then 'not_enough_data'
        else 'measured'
    end as status,
    {{ missing_inputs() }} as missing,
    currency,
    cost_basis,
    revenue_basis,
    {{ assumptions_in_words('ru') }} as assumptions_ru,
    {{ assumptions_in_words('en') }} as assumptions_en,

    is_month_over,

    resolved_sessions,
    hours_saved,
    operator_hourly_cost,
    saved_amount,
    mature_sessions,
    baseline_sessions,
    conversion_rate,
    baseline_rate,
    conversion_uplift,
    incremental_leads,
    revenue_leads,
    revenue_per_lead,
    margin_share,
    incremental_margin,
    cost_amount,
    incremental_margin + saved_amount - cost_amount as net_amount,
    (incremental_margin + saved_amount - cost_amount) / nullif(cost_amount, 0) as roi,
    mature_sessions / nullif(cast(qualified_sessions as double), 0) as share_mature
from valued
