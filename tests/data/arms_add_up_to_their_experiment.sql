{{ config(meta={'dagster': {'ref': {'name': 'rpt_experiments'}}}) }}

-- The people of all arms are those of the experiment, none has more successes than people, and an
-- arm is compared once at most.
with

arms as (
    select
        business_id,
        experiment,
        metric,
        sum(exposed_people) as exposed_people,
        max(people - exposed_people) as most_surplus_people,
        max(successes - people) as most_surplus_successes
    from {{ ref('fct_experiment_arms') }}
    group by all
),

experiments as (
    select * from {{ ref('fct_experiments') }}
),

comparisons as (
    select
        business_id,
        experiment,
        metric,
        count(*) as comparisons
    from {{ ref('rpt_experiments') }}
    group by all
)

select
    experiments.business_id,
    experiments.experiment
from experiments
inner join arms
    on
        experiments.business_id = arms.business_id
        and experiments.experiment = arms.experiment
left join comparisons
    on
        arms.business_id = comparisons.business_id
        and arms.experiment = comparisons.experiment
        and arms.metric = comparisons.metric
where
    arms.exposed_people != experiments.people
    or arms.most_surplus_people > 0
    or arms.most_surplus_successes > 0
    or coalesce(comparisons.comparisons, 0) != greatest(experiments.arms - 1, 1)
