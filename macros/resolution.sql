{#- What the definitions of a resolved session divide, ours and the vendors': names for the seed
    `resolution_definitions` and what each counts over fct_sessions. -#}

{% macro resolution_measures() -%}
{%- set settled = 'is_qualified and is_bot_involved and is_settled' -%}
{%- set closed = settled ~ " and outcome in ('bot_goal', 'bot_confirmed', 'bot_assumed')" -%}
{%- set contained = settled ~ ' and not has_handoff and operator_messages = 0' -%}
{%- do return([
    ('bot_sessions', count_where('is_qualified and is_bot_involved')),
    ('settled_bot_sessions', count_where(settled)),
    ('week_old_bot_sessions', count_where(settled ~ ' and ' ~ is_over(168))),
    ('engaged_bot_sessions', count_where(settled ~ " and outcome != 'unengaged'")),
    ('closed_sessions', count_where(closed)),
    ('closed_24h_sessions', count_where(closed ~ ' and not coalesce(returned_within_24h, false)')),
    ('closed_72h_sessions', count_where('is_qualified and is_resolved')),
    ('closed_168h_sessions', count_where(
        closed ~ ' and ' ~ is_over(168) ~ ' and not coalesce(returned_within_168h, false)'
    )),
    ('contained_sessions', count_where(contained)),
    ('contained_24h_sessions', count_where(
        contained ~ ' and not coalesce(returned_within_24h, false)'
    )),
]) -%}
{%- endmacro %}
