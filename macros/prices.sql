{#- True where the text holds a digit: ten plain searches cost less than a pattern. -#}
{% macro has_digit(text) -%}
    (
        {% for digit in '0123456789' -%}
            {{ text }} like '%{{ digit }}%'{{ " or" if not loop.last }}
        {% endfor -%}
    )
{%- endmacro %}

{#- True where the text names an amount of money: a number beside a currency's sign, word or code. A
    lone "р" needs two digits before it, as "2 р. в день" is twice a day. -#}
{% macro names_price(text) -%}
{%- set gap = '[ \\x{a0}\\x{202f}]?' -%}
{%- set ends = '(?:$|[^\\p{L}\\p{N}])' -%}
{%- set thousand = '(?:(?:тыс|т)\\.?' ~ gap ~ ')' -%}
{%- set codes = '(?:rub|rur|eur|usd|gbp|kzt|byn)' -%}
{%- set patterns = [
    '[₽€$£₸]' ~ gap ~ '[0-9]',
    '[0-9]' ~ gap ~ thousand ~ '?(?:[₽€$£₸]|рубл|долл)',
    '[0-9]' ~ gap ~ thousand ~ '?(?:руб|евро|тенге|тг|' ~ codes ~ ')' ~ ends,
    '(?:[0-9]{2}' ~ gap ~ '|[0-9]' ~ gap ~ thousand ~ ')р' ~ ends,
    '(?:^|[^\\p{L}])' ~ codes ~ gap ~ '[0-9]',
] -%}
    {{ matches_pattern(text, "'(?i)(?:" ~ patterns | join('|') ~ ")'") }}
{%- endmacro %}
