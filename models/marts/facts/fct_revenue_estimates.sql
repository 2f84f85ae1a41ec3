with

leads as (
    select * from {{ ref('fct_leads') }}
    where
        not is_deleted
        and revenue_amount is not null
),

saved_hours as (
    select * from {{ ref('fct_saved_hours') }}
),

month_leads as (
    select
        business_id,
        cast(date_trunc('month', created_date) as date) as month_starts_date,
        {{ revenue_sums() }}
    from leads
    where is_revenue_mature
    group by all
),

final_leads as (
    select
        business_id,
        {{ revenue_sums() }}
    from leads
    where is_revenue_mature
    group by all
),

all_leads as (
    select
        business_id,
        {{ revenue_sums() }}
    from leads
    group by all
),

-- The month's own leads, else all whose 90 days are over, else whatever was paid so far.
offers as (
    select
        business_id,
        month_starts_date,
        1 as step,
        'month' as basis,
        leads,
        revenue_amount,
        revenue_amount_squares
    from month_leads
    where leads >= {{ var('fewest_to_estimate') }}

    union all

    select
        saved_hours.business_id,
        saved_hours.month_starts_date,
        2 as step,
        'all_time' as basis,
        final_leads.leads,
        final_leads.revenue_amount,
        final_leads.revenue_amount_squares
    from saved_hours
    inner join final_leads
        on saved_hours.business_id = final_leads.business_id
    where final_leads.leads >= {{ var('fewest_to_estimate') }}

    union all

    select
        saved_hours.business_id,
        saved_hours.month_starts_date,
        3 as step,
        'so_far' as basis,
        all_leads.leads,
        all_leads.revenue_amount,
        all_leads.revenue_amount_squares
    from saved_hours
    inner join all_leads
        on saved_hours.business_id = all_leads.business_id
    where all_leads.leads >= {{ var('fewest_sessions') }}
),

chosen as (
    select
        business_id,
        month_starts_date,
        arg_min(basis, step) as basis,
        arg_min(leads, step) as leads,
        arg_min(revenue_amount, step) as revenue_amount,
        arg_min(revenue_amount_squares, step) as revenue_amount_squares
    from offers
    group by all
)

select
    business_id,
    month_starts_date,

    basis,

    leads,
    greatest(
        revenue_amount / leads
        - {{ mean_half_width('revenue_amount', 'revenue_amount_squares', 'leads') }},
        0
    ) as low_revenue_per_lead,
    revenue_amount / leads as base_revenue_per_lead,
    revenue_amount / leads
    + {{ mean_half_width('revenue_amount', 'revenue_amount_squares', 'leads') }}
        as high_revenue_per_lead
from chosen
