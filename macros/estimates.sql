{#- A KPI's value and interval from its numerator, denominator and deviation (a mean's sum of squares,
    the detractors of NPS, a weighted rate's sum of squared weights), by the kind that the registry
    gives it. Reads columns kind, numerator, denominator, deviation, observations (with the prefix
    where they are another span's), scale, lowest and highest (what a mean can be). A quantile is no
    ratio: its value is a rank, below. -#}

{% macro estimated_value(prefix='') -%}
{%- set numerator, denominator = prefix ~ 'numerator', prefix ~ 'denominator' -%}
    case kind
        when 'count' then {{ numerator }}
        when 'rate' then {{ numerator }} / nullif({{ denominator }}, 0)
        when 'weighted_rate' then {{ numerator }} / nullif({{ denominator }}, 0)
        when 'mean' then scale * {{ numerator }} / nullif({{ denominator }}, 0)
        when 'nps'
            then scale * ({{ numerator }} - {{ prefix }}deviation) / nullif({{ denominator }}, 0)
    end
{%- endmacro %}

{% macro estimated_bound(side, prefix='') -%}
{%- set sign = '-' if side == 'lower' else '+' -%}
{%- set numerator, denominator = prefix ~ 'numerator', prefix ~ 'denominator' -%}
{%- set deviation, observations = prefix ~ 'deviation', prefix ~ 'observations' -%}
    case
        when kind = 'rate' then {{ wilson(numerator, denominator, side) }}
        when kind = 'weighted_rate' then {{ wilson(
            numerator ~ ' / ' ~ denominator ~ ' * ' ~ observations, observations, side
        ) }}
        when kind = 'mean' and {{ denominator }} >= 2
            then {{ 'greatest' if side == 'lower' else 'least' }}(
                scale * (
                    {{ numerator }} / {{ denominator }}
                    {{ sign }} {{ mean_half_width(numerator, deviation, denominator) }}
                ),
                {{ 'lowest' if side == 'lower' else 'highest' }}
            )
        when kind = 'nps'
            then scale * {{ net_promoter(numerator, deviation, denominator, side) }}
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
        when denominator > 0 and floor(denominator * quantile - {{ spread }}) < 1 then 0.0
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
{% macro is_comparable(prefix='') -%}
{%- set least = var('comparable_share') ~ ' * ' ~ prefix ~ 'qualified_sessions' -%}
    case needs
        when 'settled' then {{ prefix }}settled_sessions >= {{ least }}
        when 'mature' then {{ prefix }}mature_sessions >= {{ least }}
        else true
    end
{%- endmacro %}
