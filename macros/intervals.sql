{#- Confidence intervals as closed forms. Every macro gives NULL where there is nothing to divide by. -#}

{#- Wilson's score interval of numerator / denominator: `side` is 'lower' or 'upper'. -#}
{% macro wilson(numerator, denominator, side) -%}
{%- set z = var('interval_z') | float -%}
{%- set n = denominator ~ '::double' -%}
{%- set p = '(' ~ numerator ~ '::double / ' ~ n ~ ')' -%}
    case
        when {{ denominator }} > 0
            -- Rounding must not carry an end past the estimate itself.
            then {{ 'greatest(0.0, least(' if side == 'lower' else 'least(1.0, greatest(' }}{{ p }}, (
                {{ p }} + {{ z * z / 2 }} / {{ n }}
                {{ '-' if side == 'lower' else '+' }} {{ z }} * sqrt(
                    greatest({{ p }} * (1 - {{ p }}), 0) / {{ n }}
                    + {{ z * z / 4 }} / ({{ n }} * {{ n }})
                )
            ) / (1 + {{ z * z }} / {{ n }})))
    end
{%- endmacro %}

{#- Student's 97.5 % quantile by Cornish-Fisher expansion around the normal one: error under
    0.2 % from 3 degrees of freedom on. -#}
{% macro student_t(freedom) -%}
{%- set z = var('interval_z') | float -%}
    (
        {{ z }}
        + {{ (z ** 3 + z) / 4 }} / {{ freedom }}
        + {{ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 }} / ({{ freedom }} ** 2)
        + {{ (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 }} / ({{ freedom }} ** 3)
        + {{ (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160 }}
        / ({{ freedom }} ** 4)
    )
{%- endmacro %}

{#- Half the width of a mean's interval from its sum, its sum of squares and its count. -#}
{% macro mean_half_width(total, squares, observations) -%}
{%- set n = observations ~ '::double' -%}
    case
        when {{ observations }} >= 2
            then {{ student_t('(' ~ n ~ ' - 1)') }} * sqrt(
                greatest({{ squares }} - {{ total }} * {{ total }} / {{ n }}, 0)
                / ({{ n }} - 1) / {{ n }}
            )
    end
{%- endmacro %}

{#- Adjusted Wald interval of promoters − detractors per answer (3 answers added: ¾, 1½, ¾). -#}
{% macro net_promoter(promoters, detractors, responses, side) -%}
{%- set n = '(' ~ responses ~ ' + 3.0)' -%}
{%- set p = '((' ~ promoters ~ ' + 0.75) / ' ~ n ~ ')' -%}
{%- set d = '((' ~ detractors ~ ' + 0.75) / ' ~ n ~ ')' -%}
    case
        when {{ responses }} > 0
            then {{ 'greatest(-1.0, ' if side == 'lower' else 'least(1.0, ' }}{{ p }} - {{ d }}
                {{ '-' if side == 'lower' else '+' }} {{ var('interval_z') }} * sqrt(
                    greatest({{ p }} + {{ d }} - ({{ p }} - {{ d }}) ** 2, 0) / {{ n }}
                ))
    end
{%- endmacro %}

{#- Interval of the difference of two independent estimates, the second taken from the first, by
    square and add: Newcombe's hybrid score interval where both are rates with Wilson's. -#}
{% macro difference_bound(value, lower, upper, other_value, other_lower, other_upper, side) -%}
{%- if side == 'lower' -%}
    ({{ value }} - {{ other_value }}) - sqrt(
        ({{ value }} - {{ lower }}) ** 2 + ({{ other_upper }} - {{ other_value }}) ** 2
    )
{%- else -%}
    ({{ value }} - {{ other_value }}) + sqrt(
        ({{ upper }} - {{ value }}) ** 2 + ({{ other_value }} - {{ other_lower }}) ** 2
    )
{%- endif -%}
{%- endmacro %}

{#- Interval of the ratio of two independent estimates that are not below 0, by the same method
    (Donner and Zou 2012). NULL where the other estimate may be 0 for all we know. -#}
{% macro ratio_bound(value, lower, upper, other_value, other_lower, other_upper, side) -%}
{%- set sign = '-' if side == 'lower' else '+' -%}
{%- set own = lower if side == 'lower' else upper -%}
{%- set other = other_upper if side == 'lower' else other_lower -%}
    case
        when {{ other_lower }} > 0 and {{ other_upper }} < 2 * {{ other_value }}
            then (
                {{ value }} * {{ other_value }} {{ sign }} sqrt(greatest(
                    ({{ value }} * {{ other_value }}) ** 2
                    - {{ own }} * {{ other }}
                    * (2 * {{ value }} - {{ own }}) * (2 * {{ other_value }} - {{ other }}),
                    0
                ))
            ) / ({{ other }} * (2 * {{ other_value }} - {{ other }}))
    end
{%- endmacro %}
