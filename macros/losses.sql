{#- What each reason of a lost session rests on: names and expressions. A duration is rounded away from
    its target, so that what was late looks late. -#}
{% macro loss_evidence() -%}
{%- set seconds = 'cast(ceil(measured_seconds) as bigint)' -%}
{%- do return({
    'no_answer': {'customer_messages': 'customer_messages'},
    'handoff_unanswered': {'handoff_type': 'handoff_type'},
    'slow_answer': {
        'answered_by': 'answered_by',
        'ttr_seconds': seconds,
        'target': 'cast(floor(target_seconds) as bigint)',
        'counted': "case when answered_by = 'operator' and is_in_hours is not null"
            " then 'business_seconds' else 'calendar_seconds' end",
    },
    'out_of_hours': {'weekday': 'weekday', 'hour': 'hour'},
    'not_understood': {'no_match_messages': 'no_match_messages'},
    'wrong_channel': {'lead_channel': 'lead_channel'},
    'stuck_at_question': {'message_number': 'last_question_number'},
    'price': {'message_number': 'last_price_number'},
    'other': {'outcome': 'outcome'},
}) -%}
{%- endmacro %}

{#- A text such as 'ttr_seconds=812, target=300' of names and expressions. -#}
{% macro evidence(values) -%}
    {% for name, expression in values.items() -%}
        {{ "|| ', " if not loop.first else "'" }}{{ name }}=' || cast({{ expression }} as varchar)
    {% endfor -%}
{%- endmacro %}
