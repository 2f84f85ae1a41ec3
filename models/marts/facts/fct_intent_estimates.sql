with

days as (
    select * from {{ ref('fct_intent_days') }}
    where is_correct is not null
),

periods as (
    select * from {{ ref('dim_periods') }}
),

cells as (
    select
        periods.business_id,
        periods.period,
        days.predicted_class,
        days.true_class,
        days.is_no_match,
        days.is_correct,
        days.label_weight,
        sum(days.messages) as messages
    from periods
    inner join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    group by all
),

judgements as (
    {% for estimate, intent, condition, hit in label_estimates() -%}
        select
            business_id,
            period,
            '{{ estimate }}' as estimate,
            {{ intent }} as intent,
            label_weight,
            {{ hit }} as is_hit,
            messages
        from cells
        where {{ condition }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

-- Labels that had the same chance to be drawn.
strata as (
    select
        business_id,
        period,
        estimate,
        intent,
        label_weight,
        sum(messages) as labels,
        coalesce(sum(messages) filter (where is_hit), 0) as hits
    from judgements
    group by all
),

pools as (
    select
        business_id,
        period,
        estimate,
        intent,
        cast(sum(labels) as bigint) as labels,
        {{ ordered_sum('labels * label_weight', 'label_weight') }} as weight,
        {{ ordered_sum('labels * label_weight * label_weight', 'label_weight') }} as squares,
        {{ ordered_sum('hits * label_weight', 'label_weight') }}
        / {{ ordered_sum('labels * label_weight', 'label_weight') }} as value
    from strata
    group by all
),

spread as (
    select
        pools.business_id,
        pools.period,
        pools.estimate,
        pools.intent,
        pools.labels,
        pools.weight,
        pools.squares,
        pools.value,
    {% for side in ('lower', 'upper') -%}
        {{ ordered_sum(
            stratum_distance(
                'strata.hits', 'strata.labels', 'strata.label_weight', 'pools.value', side
            ),
            'strata.label_weight'
        ) }} as {{ side }}_distance{{ "," if not loop.last }}
    {% endfor %}
    from pools
    inner join strata
        on
            pools.business_id = strata.business_id
            and pools.period = strata.period
            and pools.estimate = strata.estimate
            and pools.intent is not distinct from strata.intent
    group by all
)

select
    business_id,
    period,
    estimate,
    intent,

    value,
    -- A message that was of the intent and taken for it is in F1 twice: no sample of its own.
    case
        when estimate != 'f1'
            then {{ stratified_bound('value', 'lower_distance', 'weight', 'lower') }}
    end as lower,
    case
        when estimate != 'f1'
            then {{ stratified_bound('value', 'upper_distance', 'weight', 'upper') }}
    end as upper,
    labels,
    {{ effective_labels('weight', 'squares') }} as effective_labels
from spread
