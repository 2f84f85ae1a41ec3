with

-- Of several comparisons with one control each may err the less often (Bonferroni).
experiments as (
    select
        *,
        0.05 / greatest(arms - 1, 1) as error_share
    from {{ ref('fct_experiments') }}
),

arms as (
    select * from {{ ref('fct_experiment_arms') }}
),

metrics as (
    select * from {{ ref('dim_experiment_metrics') }}
),

compared as (
    select
        experiments.business_id,
        experiments.experiment,
        metrics.metric,
        metrics.direction,
        metrics.sought_difference,
        experiments.error_share,
        experiments.control_variant as variant_a,
        challengers.variant as variant_b,
        controls.exposed_people as exposed_people_a,
        challengers.exposed_people as exposed_people_b,
        controls.people as people_a,
        challengers.people as people_b,
        controls.successes as successes_a,
        challengers.successes as successes_b,
        controls.rate as rate_a,
        challengers.rate as rate_b,
        challengers.rate - controls.rate as difference,
        {% for side in ('lower', 'upper') -%}
            {{ difference_bound(
                'challengers.rate', 'challengers.lower', 'challengers.upper',
                'controls.rate', 'controls.lower', 'controls.upper', side
            ) }} as {{ side }},
        {% endfor -%}
        {{ difference_variance(
            'controls.successes', 'controls.people', 'challengers.successes', 'challengers.people'
        ) }} as variance,
        cast(controls.successes + challengers.successes as double)
        / nullif(controls.people + challengers.people, 0) as pooled_rate
    from experiments
    cross join metrics
    inner join arms as controls
        on
            experiments.business_id = controls.business_id
            and experiments.experiment = controls.experiment
            and experiments.control_variant = controls.variant
            and metrics.metric = controls.metric
    left join arms as challengers
        on
            experiments.business_id = challengers.business_id
            and experiments.experiment = challengers.experiment
            and experiments.control_variant != challengers.variant
            and metrics.metric = challengers.metric
)

select
    business_id,
    experiment,
    metric,
    variant_b,

    variant_a,

    exposed_people_a,
    exposed_people_b,
    people_a,
    people_b,
    successes_a,
    successes_b,
    rate_a,
    rate_b,
    difference,
    lower,
    upper,
    {% for side in ('lower', 'upper') -%}
        {{ always_valid_bound('difference', 'variance', 'error_share', side, side) }}
            as always_valid_{{ side }},
    {% endfor -%}
    {{ exact_p_value('successes_a', 'people_a', 'successes_b', 'people_b') }} as p_value,
    case direction
        when 'higher'
            then {{ probability_b_higher('successes_a', 'people_a', 'successes_b', 'people_b') }}
        else {{ probability_b_higher('successes_b', 'people_b', 'successes_a', 'people_a') }}
    end as probability_b_better,
    {{ smallest_visible_effect('variance', 'error_share') }} as smallest_visible_effect,
    {{ people_needed('pooled_rate', 'sought_difference', 'error_share') }} as people_needed
from compared
