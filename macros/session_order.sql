{#- The order of messages inside a session, the same on every engine. -#}

{% macro sender_rank(sender) -%}
    case {{ sender }} when 'customer' then 1 when 'bot' then 2 when 'operator' then 3 else 4 end
{%- endmacro %}

{#- What settles the order of messages stamped with the same time. -#}
{% macro sequence_order(sender_rank) -%}
    sequence nulls last, {{ sender_rank }}, message_id
{%- endmacro %}
