{#- A KPI's value and interval from its numerator, denominator and deviation (a mean's sum of squares,
    the detractors of NPS, a weighted rate's sum of squared weights), by the kind that the registry
    gives it. Reads columns kind, numerator, denominator, deviation, observations, scale, lowest
    and highest (what a mean can be). A quantile is no ratio: its value is a rank, below. -#}

{% macro estimated_value() -%}
    case kind
        when 'count' then numerator
        when 'rate' then numerator / nullif(denominator, 0)
        when 'weighted_rate' then numerator / nullif(denominator, 0)
        when 'mean' then scale * numerator / nullif(denominator, 0)
        when 'nps' then scale * (numerator - deviation) / nullif(denominator, 0)
    end
{%- endmacro %}

{% macro estimated_bound(side) -%}
{%- set sign = '-' if side == 'lower' else '+' -%}
    case
        when kind = 'rate' then {{ wilson('numerator', 'denominator', side) }}
        when kind = 'weighted_rate' then {{ wilson(
            'numerator / denominator * observations', 'observations', side
        ) }}
        when kind = 'mean' and denominator >= 2
            then {{ 'greatest' if side == 'lower' else 'least' }}(
                scale * (
                    numerator / denominator
                    {{ sign }} {{ mean_half_width('numerator', 'deviation', 'denominator') }}
                ),
                {{ 'lowest' if side == 'lower' else 'highest' }}
            )
        when kind = 'nps' then scale * {{ net_promoter('numerator', 'deviation', 'denominator', side) }}
    end
{%- endmacro %}

{#- The value at a fractional rank (from 0) of `ranked`, the sorted list of those of `denominator` that
    have a value, NULL where it is not reached. -#}
{% macro interpolated_rank(rank) -%}
    case
        when denominator > 0 and ceil({{ rank }}) < len(ranked)
            then ranked[cast(floor({{ rank }}) as integer) + 1] + ({{ rank }} - floor({{ rank }})) * (
                ranked[cast(ceil({{ rank }}) as integer) + 1]
                - ranked[cast(floor({{ rank }}) as integer) + 1]
            )
    end
{%- endmacro %}

{#- The order statistic that bounds a quantile, free of any assumption about the distribution. A
    time is never below 0; beyond the answered it is not reached, which is NULL. -#}
{% macro rank_bound(side) -%}
{%- set spread = var('interval_z') ~ ' * sqrt(denominator * quantile * (1 - quantile))' -%}
{%- if side == 'lower' -%}
    case
        when floor(denominator * quantile - {{ spread }}) < 1 then 0.0
        when floor(denominator * quantile - {{ spread }}) <= len(ranked)
            then ranked[cast(floor(denominator * quantile - {{ spread }}) as integer)]
    end
{%- else -%}
    case
        when ceil(denominator * quantile + {{ spread }}) + 1 <= len(ranked)
            then ranked[cast(ceil(denominator * quantile + {{ spread }}) as integer) + 1]
    end
{%- endif -%}
{%- endmacro %}

{#- The light: green or red only when the whole interval lies on one side of the target. An upper
    bound that is not reached lies above any target. -#}
{% macro light() -%}
    case
        when kind != 'count' and coalesce(observations, 0) = 0 then 'no_data'
        when coalesce(observations, numerator) < minimum_observations then 'not_enough_data'
        when target is null then 'undecided'
        when kind = 'count' and (value >= target) = (direction != 'lower') then 'on_target'
        when kind = 'count' then 'off_target'
        when direction = 'higher' and lower >= target then 'on_target'
        when direction = 'higher' and upper < target then 'off_target'
        when direction = 'lower' and upper <= target then 'on_target'
        when direction = 'lower' and lower > target then 'off_target'
        when direction = 'lower' and kind = 'quantile' and lower is null then 'off_target'
        else 'undecided'
    end
{%- endmacro %}

{#- True where the interval of the difference of two independent estimates excludes zero (the square
    and add method; Newcombe's where both are rates). NULL where either has no interval. -#}
{% macro is_different(value, lower, upper, other_value, other_lower, other_upper) -%}
    abs({{ value }} - {{ other_value }}) > case
        when {{ value }} > {{ other_value }} then sqrt(
            ({{ value }} - {{ lower }}) ** 2 + ({{ other_upper }} - {{ other_value }}) ** 2
        )
        else sqrt(({{ upper }} - {{ value }}) ** 2 + ({{ other_value }} - {{ other_lower }}) ** 2)
    end
{%- endmacro %}

{#- The light of a segment, which needs some sessions besides the KPI's own observations. One that has
    leads and no session at all is held to the KPI's observations alone. -#}
{% macro segment_light() -%}
    case
        when kind = 'count' and qualified_sessions is null then 'not_enough_data'
        when
            qualified_sessions < {{ var('fewest_sessions') }}
            and (kind = 'count' or observations > 0)
            then 'not_enough_data'
        else {{ light() }}
    end
{%- endmacro %}

{#- True where so much of a span is final that what the KPI needs to be final may be compared. -#}
{% macro is_comparable() -%}
    case needs
        when 'settled' then settled_sessions >= {{ var('comparable_share') }} * qualified_sessions
        when 'mature' then mature_sessions >= {{ var('comparable_share') }} * qualified_sessions
        else true
    end
{%- endmacro %}

{#- The steps up to `compared`: every KPI where the condition holds, beside the span before. What a
    segment no longer has is compared too. -#}
{% macro compared_estimates(condition) -%}
estimates as (
    select * from {{ ref('fct_period_kpis') }}
    where {{ condition }}
),

periods as (
    select * from {{ ref('dim_periods') }}
),

kpis as (
    select * from {{ ref('dim_kpis') }}
),

targets as (
    select * from {{ ref('dim_targets') }}
),

current_estimates as (
    select * from estimates
    where span = 'current'
),

previous_estimates as (
    select estimates.*
    from estimates
    inner join kpis
        on
            estimates.kpi = kpis.kpi
            and (kpis.kind = 'count' or estimates.observations >= kpis.minimum_observations)
    where estimates.span = 'previous'
),

paired as (
    select
        coalesce(current_estimates.business_id, previous_estimates.business_id) as business_id,
        coalesce(current_estimates.period, previous_estimates.period) as period,
        coalesce(current_estimates.dimension, previous_estimates.dimension) as dimension,
        coalesce(current_estimates.segment, previous_estimates.segment) as segment,
        coalesce(current_estimates.kpi, previous_estimates.kpi) as kpi,
        current_estimates.value,
        current_estimates.lower,
        current_estimates.upper,
        current_estimates.numerator,
        current_estimates.denominator,
        current_estimates.observations,
        current_estimates.qualified_sessions,
        current_estimates.share_settled,
        current_estimates.share_mature,
        previous_estimates.value as previous_value,
        previous_estimates.lower as previous_lower,
        previous_estimates.upper as previous_upper,
        coalesce(current_estimates.is_comparable, true)
        and previous_estimates.is_comparable as is_comparable
    from current_estimates
    full outer join previous_estimates
        on
            current_estimates.business_id = previous_estimates.business_id
            and current_estimates.period = previous_estimates.period
            and current_estimates.dimension = previous_estimates.dimension
            and current_estimates.segment = previous_estimates.segment
            and current_estimates.kpi = previous_estimates.kpi
),

described as (
    select
        paired.business_id,
        paired.period,
        paired.dimension,
        paired.segment,
        paired.kpi,
        case when kpis.kind = 'count' then coalesce(paired.value, 0) else paired.value end as value,
        paired.lower,
        paired.upper,
        case
            when kpis.kind = 'count' then coalesce(paired.numerator, 0)
            else paired.numerator
        end as numerator,
        paired.denominator,
        paired.observations,
        paired.qualified_sessions,
        paired.share_settled,
        paired.share_mature,
        paired.previous_value,
        paired.previous_lower,
        paired.previous_upper,
        paired.is_comparable,
        kpis.kind,
        kpis.direction,
        kpis.minimum_observations,
        targets.target,
        periods.period_start,
        periods.period_end
    from paired
    inner join kpis
        on paired.kpi = kpis.kpi
    inner join periods
        on
            paired.business_id = periods.business_id
            and paired.period = periods.period
    left join targets
        on
            paired.business_id = targets.business_id
            and paired.kpi = targets.kpi
),

compared as (
    select
        *,
        case when is_comparable then value - previous_value end as change,
        case
            when is_comparable and observations >= minimum_observations
                then {{ is_different(
                    'value', 'lower', 'upper', 'previous_value', 'previous_lower', 'previous_upper'
                ) }}
        end as is_change_significant
    from described
)
{%- endmacro %}
