{#- What a message is, in one place. -#}

{#- True for what a person or the bot really said in reply: no receipt, broadcast or automatic
    "we got your message". -#}
{% macro is_answer() -%}
    (sender in ('bot', 'operator') and not is_broadcast and not is_ack)
{%- endmacro %}

{#- What makes deliveries one message, in a number: two messages may share it, one never has two. -#}
{% macro message_hash() -%}
    {{ row_hash([
        'messages.business_id', 'messages.system', "coalesce(messages.chat_id, '')",
        'messages.message_id',
    ]) }}
{%- endmacro %}

{#- The first value of `column` in the session's order, NULLs passed over. -#}
{% macro first_said(column, condition="true") -%}
    arg_min({{ column }}, message_number) filter (where {{ column }} is not null and {{ condition }})
{%- endmacro %}

{#- The last value of `column` in the session's order, NULLs passed over. -#}
{% macro last_said(column, condition="true") -%}
    arg_max({{ column }}, message_number) filter (where {{ column }} is not null and {{ condition }})
{%- endmacro %}

{#- The join of two relations at the grain of sessions. -#}
{% macro same_session(one, other) -%}
    {{ one }}.business_id = {{ other }}.business_id
    and {{ one }}.session_id = {{ other }}.session_id
{%- endmacro %}
