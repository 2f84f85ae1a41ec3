with

comparisons as (
    select * from {{ ref('fct_experiment_comparisons') }}
),

experiments as (
    select * from {{ ref('fct_experiments') }}
),

metrics as (
    select * from {{ ref('dim_experiment_metrics') }}
),

businesses as (
    select * from {{ ref('dim_businesses') }}
),

examined as (
    select
        comparisons.*,
        experiments.arms,
        experiments.sample_ratio_p_value,
        experiments.share_in_both_arms,
        experiments.share_mature,
        experiments.people_per_day,
        experiments.first_exposed_date,
        experiments.last_exposed_date,
        metrics.direction,
        metrics.minimum_people,
        metrics.sought_difference,
        metrics.name_ru,
        metrics.name_en,
        businesses.lead_window_days,
        {{ experiment_health() }} as health
    from comparisons
    inner join experiments
        on
            comparisons.business_id = experiments.business_id
            and comparisons.experiment = experiments.experiment
    inner join metrics
        on comparisons.metric = metrics.metric
    inner join businesses
        on comparisons.business_id = businesses.business_id
),

judged as (
    select
        *,
        {{ experiment_verdict() }} as verdict
    from examined
),

-- Whoever is needed has to come first, and their outcome to become final.
planned as (
    select
        *,
        case
            when people_needed is null then null
            when verdict in ('ship_b', 'keep_a') then 0
            when least(people_a, people_b) >= people_needed then 0
            else lead_window_days + cast(ceil(
                greatest(people_needed - least(exposed_people_a, exposed_people_b), 0)
                / nullif(people_per_day, 0)
            ) as bigint)
        end as days_left
    from judged
)

select
    business_id,
    experiment,
    metric,
    variant_b,

    variant_a,
    name_ru,
    name_en,
    direction,
    health,
    verdict,
    {{ experiment_sentence_ru() }} as verdict_ru,
    {{ experiment_sentence_en() }} as verdict_en,

    arms,
    people_a,
    people_b,
    successes_a,
    successes_b,
    rate_a,
    rate_b,
    difference,
    lower,
    upper,
    always_valid_lower,
    always_valid_upper,
    p_value,
    probability_b_better,
    sample_ratio_p_value,
    share_in_both_arms,
    share_mature,
    smallest_visible_effect,
    people_needed,
    cast(days_left as bigint) as days_left,

    first_exposed_date,
    last_exposed_date
from planned
