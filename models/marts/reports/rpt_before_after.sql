with

estimates as (
    select * from {{ ref('fct_baseline_kpis') }}
),

baselines as (
    select * from {{ ref('fct_baselines') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

expected_changes as (
    select * from {{ ref('dim_expected_changes') }}
),

compared as (
    select
        current_estimates.business_id,
        current_estimates.kpi,
        kpis.position,
        kpis.kind,
        kpis.direction,
        kpis.unit,
        kpis.name_ru,
        kpis.name_en,
        kpis.minimum_observations,
        expected_changes.relative_change as expected_change,
        baseline_estimates.value as baseline_value,
        baseline_estimates.lower as baseline_lower,
        baseline_estimates.upper as baseline_upper,
        baseline_estimates.observations as baseline_observations,
        current_estimates.value as current_value,
        current_estimates.lower as current_lower,
        current_estimates.upper as current_upper,
        current_estimates.observations as current_observations
    from estimates as current_estimates
    inner join estimates as baseline_estimates
        on
            current_estimates.business_id = baseline_estimates.business_id
            and current_estimates.kpi = baseline_estimates.kpi
            and baseline_estimates.span = 'baseline'
    inner join kpis
        on current_estimates.kpi = kpis.kpi
    left join expected_changes
        on current_estimates.kpi = expected_changes.kpi
    where current_estimates.span = 'current'
),

{%- set both = [
    'current_value', 'current_lower', 'current_upper',
    'baseline_value', 'baseline_lower', 'baseline_upper',
] %}

changed as (
    select
        *,
        current_value - baseline_value as uplift,
        {% for side in ('lower', 'upper') -%}
            {{ difference_bound(*both, side=side) }} as uplift_{{ side }},
            case
                when kind != 'nps' then {{ ratio_bound(*both, side=side) }} - 1
            end as relative_uplift_{{ side }},
        {% endfor -%}
        case
            when kind != 'nps' then current_value / nullif(baseline_value, 0) - 1
        end as relative_uplift
    from compared
),

judged as (
    select
        *,
        {{ change_verdict() }} as verdict
    from changed
),

expected as (
    select
        *,
        {{ expectation() }} as expectation
    from judged
)

select
    expected.business_id,
    expected.kpi,

    expected.name_ru,
    expected.name_en,
    expected.verdict,
    expected.expectation,
    {{ change_sentence_ru() }} as verdict_ru,
    {{ change_sentence_en() }} as verdict_en,

    expected.position,
    expected.baseline_value,
    expected.baseline_lower,
    expected.baseline_upper,
    expected.baseline_observations,
    expected.current_value,
    expected.current_lower,
    expected.current_upper,
    expected.current_observations,
    expected.uplift,
    expected.uplift_lower,
    expected.uplift_upper,
    expected.relative_uplift,
    expected.relative_uplift_lower,
    expected.relative_uplift_upper,
    expected.expected_change,
    currents.share_mature,

    befores.span_start as baseline_start,
    befores.span_end as baseline_end,
    currents.span_start as current_start,
    currents.span_end as current_end
from expected
inner join baselines as befores
    on
        expected.business_id = befores.business_id
        and befores.span = 'baseline'
inner join baselines as currents
    on
        expected.business_id = currents.business_id
        and currents.span = 'current'
