{#- What the bot brings and costs in a month: its three scenarios, and its assumptions in words. -#}

{#- The ends of the 95 % intervals of what is estimated, and what lies between. -#}
{% macro economic_scenarios() -%}
{%- do return(['low', 'base', 'high']) -%}
{%- endmacro %}

{% macro revenue_sums() -%}
    count(*) as leads,
        {{ exact_sum('revenue_amount') }} as revenue_amount,
        {{ exact_sum('revenue_amount * revenue_amount') }} as revenue_amount_squares
{%- endmacro %}

{#- The join of two relations at the grain of business and month. -#}
{% macro same_month(one, other) -%}
    {{ one }}.business_id = {{ other }}.business_id
            and {{ one }}.month_starts_date = {{ other }}.month_starts_date
{%- endmacro %}

{#- The revenue that goes with an uplift: where conversion fell, dear leads make the loss greater. -#}
{% macro revenue_of_scenario(scenario) -%}
{%- set opposite = {'low': 'high', 'base': 'base', 'high': 'low'}[scenario] -%}
    case
        when uplifts.{{ scenario }}_uplift < 0 then revenues.{{ opposite }}_revenue_per_lead
        else revenues.{{ scenario }}_revenue_per_lead
    end
{%- endmacro %}

{#- The names of what the return cannot be computed without and is not there, NULL where all is. -#}
{% macro missing_inputs() -%}
    nullif(concat_ws(
        ', ',
        case when hours_saved is null then 'handling_time' end,
        case when operator_hourly_cost is null then 'operator_hourly_cost' end,
        case
            when baseline_from is null then 'baseline'
            when month_starts_date <= baseline_to then 'month_after_baseline'
            when coalesce(baseline_sessions, 0) = 0 then 'baseline_sessions'
            when coalesce(mature_sessions, 0) = 0 then 'mature_sessions'
        end,
        case when revenue_per_lead is null then 'revenue_per_lead' end,
        case when margin_share is null then 'margin_share' end,
        case when cost_amount is null then 'bot_cost' end
    ), '')
{%- endmacro %}

{#- A number as text, with so many decimals. -#}
{% macro number_in_words(number, decimals, locale) -%}
{%- set text = 'cast(cast(' ~ number ~ ' as decimal(28, ' ~ decimals ~ ')) as varchar)' -%}
    {{ "replace(" ~ text ~ ", '.', ',')" if locale == 'ru' else text }}
{%- endmacro %}

{#- Every assumption of the row as sentences; one whose number is not there says so. -#}
{% macro assumptions_in_words(locale) -%}
{%- set words = {
    'ru': {
        'low': 'Осторожная оценка: нижние границы 95 % интервалов.',
        'base': 'Основная оценка.',
        'high': 'Смелая оценка: верхние границы 95 % интервалов.',
        'resolved': ['Бот решил сам обращений: ', '; на такое же сотрудник тратит минут: ', '.'],
        'hour': ['Час сотрудника: ', '.'],
        'no_hour': 'Стоимость часа сотрудника не задана.',
        'uplift': ['Конверсия в заявку к периоду до бота, процентных пунктов: ', '.'],
        'no_uplift': 'С периодом до бота сравнить нельзя.',
        'revenue': ['Выручка на заявку за 90 дней: ', '.'],
        'so_far': ' (90 дней прошли ещё не у всех заявок: занижено)',
        'no_revenue': 'Выручка на заявку неизвестна.',
        'margin': ['Маржа: ', ' %.'],
        'no_margin': 'Маржа не задана.',
        'cost': ['Бот стоил: ', '.'],
        'by_month': ' (по месячной стоимости)',
        'no_cost': 'Стоимость бота не задана.',
        'setup': 'Разовые затраты на запуск не входят.',
        'current': 'Месяц ещё не закончился.',
    },
    'en': {
        'low': 'Cautious: the lower ends of the 95 % intervals.',
        'base': 'The main estimate.',
        'high': 'Bold: the upper ends of the 95 % intervals.',
        'resolved': ['Sessions the bot resolved: ', '; minutes a person spends on one like it: ', '.'],
        'hour': ['An hour of an operator: ', '.'],
        'no_hour': 'What an hour of an operator costs is not set.',
        'uplift': ['Lead conversion against the time before the bot, percentage points: ', '.'],
        'no_uplift': 'It cannot be compared with the time before the bot.',
        'revenue': ['Revenue per lead in 90 days: ', '.'],
        'so_far': ' (not all leads have had their 90 days: understated)',
        'no_revenue': 'Revenue per lead is not known.',
        'margin': ['Margin: ', ' %.'],
        'no_margin': 'The margin is not set.',
        'cost': ['Cost of the bot: ', '.'],
        'by_month': ' (from its monthly cost)',
        'no_cost': 'What the bot costs is not set.',
        'setup': 'Setting up is not in it.',
        'current': 'The month is not over yet.',
    },
}[locale] -%}
{%- set money = "' ' || currency" -%}
    concat_ws(
        ' ',
        case scenario
            {% for scenario in economic_scenarios() -%}
                when '{{ scenario }}' then '{{ words[scenario] }}'
            {% endfor -%}
        end,
        case
            when resolved_sessions > 0 and hours_saved is not null
                then
                    '{{ words.resolved[0] }}' || cast(resolved_sessions as varchar)
                    || '{{ words.resolved[1] }}'
                    || {{ number_in_words('hours_saved * 60 / resolved_sessions', 1, locale) }}
                    || '{{ words.resolved[2] }}'
        end,
        coalesce(
            '{{ words.hour[0] }}' || {{ number_in_words('operator_hourly_cost', 0, locale) }}
            || {{ money }} || '{{ words.hour[1] }}',
            '{{ words.no_hour }}'
        ),
        coalesce(
            '{{ words.uplift[0] }}' || {{ number_in_words('conversion_uplift * 100', 1, locale) }}
            || '{{ words.uplift[1] }}',
            '{{ words.no_uplift }}'
        ),
        coalesce(
            '{{ words.revenue[0] }}' || {{ number_in_words('revenue_per_lead', 0, locale) }}
            || {{ money }}
            || case when revenue_basis = 'so_far' then '{{ words.so_far }}' else '' end
            || '{{ words.revenue[1] }}',
            '{{ words.no_revenue }}'
        ),
        coalesce(
            '{{ words.margin[0] }}' || {{ number_in_words('margin_share * 100', 0, locale) }}
            || '{{ words.margin[1] }}',
            '{{ words.no_margin }}'
        ),
        coalesce(
            '{{ words.cost[0] }}' || {{ number_in_words('cost_amount', 0, locale) }} || {{ money }}
            || case when cost_basis = 'bot_monthly_cost' then '{{ words.by_month }}' else '' end
            || '{{ words.cost[1] }}',
            '{{ words.no_cost }}'
        ),
        '{{ words.setup }}',
        case when not is_month_over then '{{ words.current }}' end
    )
{%- endmacro %}
