with

alerts as (
    select * from {{ ref('fct_alerts') }}
),

names as (
    select * from {{ ref('dim_alerts') }}
)

select
    alerts.business_id,
    alerts.alert,

    names.name_ru,
    names.name_en,
    {% for locale in ['ru', 'en'] -%}
        case
            when alerts.is_raised
                then replace(
                    replace(
                        replace(names.text_{{ locale }}, '{subject}', coalesce(alerts.subject, '')),
                        '{measured}', {{ alert_figure('alerts.measured') }}
                    ),
                    '{threshold}', {{ alert_figure('alerts.threshold') }}
                )
        end as text_{{ locale }},
    {% endfor -%}

    alerts.is_raised,

    names.position,
    alerts.measured,
    alerts.threshold
from alerts
inner join names
    on alerts.alert = names.alert
