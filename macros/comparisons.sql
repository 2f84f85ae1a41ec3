{#- What an experiment is judged by. Every figure is symmetric: swapped arms mirror it exactly. -#}

{#- A person's outcomes in an experiment, columns of fct_exposures; NULL is no outcome. -#}
{% macro experiment_outcomes() -%}
{%- do return([
    ('conversion', 'is_converted'),
    ('handoff', 'has_handoff'),
    ('resolution', 'is_resolved'),
    ('answered_in_target', 'is_answered_in_target'),
]) -%}
{%- endmacro %}

{#- Variance of the difference of two rates, each drawn to one half by one success and one failure:
    no successes at all do not make it 0. NULL where an arm is empty. -#}
{% macro difference_variance(successes_a, people_a, successes_b, people_b) -%}
    ({{ shrunk_variance(successes_a, people_a) }} + {{ shrunk_variance(successes_b, people_b) }})
{%- endmacro %}

{% macro shrunk_variance(successes, people) -%}
    ({{ successes }} + 1.0) / ({{ people }} + 2.0) * (1 - ({{ successes }} + 1.0) / ({{ people }} + 2.0))
    / nullif({{ people }}, 0)
{%- endmacro %}

{#- Half the width of an interval that holds however often one looks: a difference leaves it at any
    look with at most the chance `error_share` (Robbins' normal mixture, made for differences of
    about ten points). docs/statistics.md shows the chance, counted exactly. -#}
{% macro always_valid_half_width(variance, error_share) -%}
{%- set spread = (var('sought_spread') | float) ** 2 -%}
    sqrt(
        {{ variance }} * (1 + {{ variance }} / {{ spread }})
        * ln((1 + {{ spread }} / {{ variance }}) / ({{ error_share }} * {{ error_share }}))
    )
{%- endmacro %}

{#- Never narrower than the interval of one look, which allows for the lopsidedness of rates near 0
    and 1. NULL where an arm is empty: least and greatest pass over what is not known. -#}
{% macro always_valid_bound(difference, variance, error_share, one_look_bound, side) -%}
    case
        when {{ variance }} is null then null
        when '{{ side }}' = 'lower' then greatest(-1.0, least(
            {{ one_look_bound }},
            {{ difference }} - {{ always_valid_half_width(variance, error_share) }}
        ))
        else least(1.0, greatest(
            {{ one_look_bound }},
            {{ difference }} + {{ always_valid_half_width(variance, error_share) }}
        ))
    end
{%- endmacro %}

{#- The least true difference that leaves the always-valid interval with a chance of 80 %; NULL where
    not even nothing against everything would. -#}
{% macro smallest_visible_effect(variance, error_share) -%}
{%- set effect = always_valid_half_width(variance, error_share)
    ~ ' + ' ~ var('power_z') ~ ' * sqrt(' ~ variance ~ ')' -%}
    case when {{ effect }} <= 1 then {{ effect }} end
{%- endmacro %}

{#- Which of an experiment's variants the others are compared with: the least of these. -#}
{% macro control_order(variant) -%}
    case lower({{ variant }}) when 'control' then '1' when 'a' then '2' else '3' end || {{ variant }}
{%- endmacro %}

{#- Whether the figures may be believed. -#}
{% macro experiment_health() -%}
    case
        when sample_ratio_p_value < 0.01 then 'sample_ratio'
        when share_in_both_arms > 0.01 then 'both_arms'
        when coalesce(people_a, 0) < minimum_people or coalesce(people_b, 0) < minimum_people
            then 'too_few'
        else 'ok'
    end
{%- endmacro %}

{#- The decision, from the always-valid interval alone: it is looked at every day. -#}
{% macro experiment_verdict() -%}
    case
        when health in ('sample_ratio', 'both_arms') then 'unhealthy'
        when health = 'too_few' then 'no_difference_yet'
        when direction = 'higher' and always_valid_lower > 0 then 'ship_b'
        when direction = 'lower' and always_valid_upper < 0 then 'ship_b'
        when direction = 'higher' and always_valid_upper < 0 then 'keep_a'
        when direction = 'lower' and always_valid_lower > 0 then 'keep_a'
        else 'no_difference_yet'
    end
{%- endmacro %}

{#- What became of a KPI since the baseline, where the interval of the change excludes zero. -#}
{% macro change_verdict() -%}
    case
        when
            coalesce(baseline_observations, 0) < minimum_observations
            or coalesce(current_observations, 0) < minimum_observations
            then 'not_enough_data'
        when uplift_lower > 0 and direction = 'higher' then 'better'
        when uplift_upper < 0 and direction = 'lower' then 'better'
        when uplift_upper < 0 and direction = 'higher' then 'worse'
        when uplift_lower > 0 and direction = 'lower' then 'worse'
        else 'no_clear_change'
    end
{%- endmacro %}

{#- Whether what was promised has come: said only where the whole interval is on one side of it. -#}
{% macro expectation() -%}
    case
        when expected_change is null or verdict = 'not_enough_data' then null
        when expected_change > 0 and relative_uplift_lower >= expected_change then 'reached'
        when expected_change < 0 and relative_uplift_upper <= expected_change then 'reached'
        when expected_change > 0 and relative_uplift_upper < expected_change then 'not_reached'
        when expected_change < 0 and relative_uplift_lower > expected_change then 'not_reached'
        else 'undecided'
    end
{%- endmacro %}
