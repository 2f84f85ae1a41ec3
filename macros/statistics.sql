{#- What SQL cannot say, under the names that orchestration/statistics gives it in the engine. -#}

{% macro exact_p_value(successes_a, people_a, successes_b, people_b) -%}
    exact_p_value({{ successes_a }}, {{ people_a }}, {{ successes_b }}, {{ people_b }})
{%- endmacro %}

{% macro probability_b_higher(successes_a, people_a, successes_b, people_b) -%}
    probability_b_higher({{ successes_a }}, {{ people_a }}, {{ successes_b }}, {{ people_b }})
{%- endmacro %}

{#- An aggregate over the arms of an experiment. -#}
{% macro sample_ratio_p_value(people) -%}
    sample_ratio_p_value(list({{ people }}))
{%- endmacro %}

{% macro people_needed(rate, difference, error_share) -%}
    people_needed({{ rate }}, {{ difference }}, {{ error_share }})
{%- endmacro %}
