{%- set recent_days = 28 -%}

with

exposures as (
    select * from {{ ref('fct_exposures') }}
),

businesses as (
    select * from {{ ref('dim_businesses') }}
),

arms as (
    select
        exposures.business_id,
        exposures.experiment,
        exposures.variant,
        count(*) as people,
        count(*) filter (where exposures.is_in_both_arms) as people_in_both_arms,
        count(*) filter (where exposures.is_mature) as mature_people,
        count(*) filter (
            where
            {{ days_from('exposures.exposed_date', 'businesses.as_of_date') }} < {{ recent_days }}
        ) as recent_people,
        min(exposures.exposed_date) as first_exposed_date,
        max(exposures.exposed_date) as last_exposed_date
    from exposures
    inner join businesses
        on exposures.business_id = businesses.business_id
    group by all
),

experiments as (
    select
        business_id,
        experiment,
        arg_min(variant, {{ control_order('variant') }}) as control_variant,
        count(*) as arms,
        cast(sum(people) as bigint) as people,
        cast(sum(people_in_both_arms) as bigint) as people_in_both_arms,
        cast(sum(mature_people) as bigint) as mature_people,
        min(recent_people) as recent_people,
        {{ sample_ratio_p_value('people') }} as sample_ratio_p_value,
        min(first_exposed_date) as first_exposed_date,
        max(last_exposed_date) as last_exposed_date
    from arms
    group by
        business_id,
        experiment
)

select
    experiments.business_id,
    experiments.experiment,

    experiments.control_variant,

    experiments.arms,
    experiments.people,
    experiments.people_in_both_arms / nullif(experiments.people, 0) as share_in_both_arms,
    experiments.mature_people / nullif(experiments.people, 0) as share_mature,
    experiments.sample_ratio_p_value,
    experiments.recent_people / least(
        {{ recent_days }},
        greatest(1, {{ days_from('experiments.first_exposed_date', 'businesses.as_of_date') }} + 1)
    ) as people_per_day,

    experiments.first_exposed_date,
    experiments.last_exposed_date
from experiments
inner join businesses
    on experiments.business_id = businesses.business_id
