{#- A figure in the sentence of an alert: a count as it is, a rate in whole per cent. -#}
{% macro alert_figure(figure) -%}
    coalesce(
        cast(
            cast(
                case
                    when alerts.alert in ('handoff_jump', 'session_id_drop')
                        then round(100 * {{ figure }})
                    else {{ figure }}
                end as bigint
            ) as varchar
        ),
        '—'
    )
{%- endmacro %}
