{#- The end of the interval of a product of two independent estimates that are never negative, from
    their own intervals, by the square and add method. -#}
{% macro product_bound(one, other, side) -%}
{%- set spread -%}
    sqrt(
        ({{ other }} * ({{ one }} - {{ one }}_{{ side }})) ** 2
        + ({{ one }} * ({{ other }} - {{ other }}_{{ side }})) ** 2
    )
{%- endset -%}
{%- if side == 'lower' -%}
    case
        when {{ one }} * {{ other }} > {{ spread }}
            then {{ one }} * {{ other }} - {{ spread }}
        when {{ spread }} is not null then 0
    end
{%- else -%}
    {{ one }} * {{ other }} + {{ spread }}
{%- endif -%}
{%- endmacro %}
