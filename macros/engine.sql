{#- What differs between engines, and nothing else. -#}

{#- The UTC timestamp `moment` on the wall clock of the IANA zone `zone`. -#}
{% macro local_time(moment, zone) -%}
    timezone({{ zone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}

{#- The UTC timestamp at which the wall clock of the IANA zone `zone` shows `moment`: the later one
    where it shows it twice, and as if the clock had not been put forward where it never does. -#}
{% macro utc_time(moment, zone) -%}
    timezone('UTC', timezone({{ zone }}, {{ moment }}))
{%- endmacro %}

{#- Seconds from `earlier` to `later`, fractions kept. -#}
{% macro seconds_between(earlier, later) -%}
    (date_diff('microsecond', {{ earlier }}, {{ later }}) / 1000000.0)
{%- endmacro %}

{% macro plus_minutes(moment, minutes) -%}
    {{ moment }} + to_minutes({{ minutes }})
{%- endmacro %}

{% macro plus_hours(moment, hours) -%}
    {{ moment }} + to_hours({{ hours }})
{%- endmacro %}

{% macro plus_days(moment, days) -%}
    {{ moment }} + to_days({{ days }}::integer)
{%- endmacro %}

{#- 1 = Monday … 7 = Sunday. -#}
{% macro iso_weekday(moment) -%}
    isodow({{ moment }})
{%- endmacro %}

{#- Minutes since local midnight of a timestamp. -#}
{% macro minute_of_day(moment) -%}
    (hour({{ moment }}) * 60 + minute({{ moment }}))
{%- endmacro %}

{#- Minutes since midnight of a text 'HH:MM'; '24:00' is the day's end. -#}
{% macro clock_minutes(clock) -%}
    (
        cast(split_part({{ clock }}, ':', 1) as integer) * 60
        + cast(split_part({{ clock }}, ':', 2) as integer)
    )
{%- endmacro %}

{#- A sum that does not hang on the order of its terms, as a sum of doubles does in its last digits:
    exact to a millionth. -#}
{% macro exact_sum(expression, condition="true") -%}
    cast(sum(cast({{ expression }} as decimal(28, 6))) filter (where {{ condition }}) as double)
{%- endmacro %}

{#- Keeps an engine from writing down a step that reads every message, only because two steps read it. -#}
{% macro not_materialized() -%}
    not materialized
{%- endmacro %}

{% macro distinct_list(column) -%}
    list(distinct {{ column }})
{%- endmacro %}

{#- The values that are there, in whatever order. -#}
{% macro known_list(column) -%}
    list({{ column }}) filter (where {{ column }} is not null)
{%- endmacro %}

{#- The values that are there, in order. -#}
{% macro sorted_list(column) -%}
    list_sort({{ known_list(column) }})
{%- endmacro %}

{#- The values of many lists as one, in order. -#}
{% macro merged_and_sorted(lists) -%}
    list_sort(flatten(list({{ lists }})))
{%- endmacro %}

{#- A number of which only this bit is set, from the first on; up to 62 of them fit into one number. -#}
{% macro bit_of(position) -%}
    (1::bigint << cast({{ position }} - 1 as integer))
{%- endmacro %}

{% macro has_bit(bits, bit) -%}
    ({{ bits }} & {{ bit }}) != 0
{%- endmacro %}

{#- An identifier made of content alone; a NULL part counts as empty. -#}
{% macro content_id(parts) -%}
    md5({% for part in parts %}coalesce({{ part }}, ''){% if not loop.last %} || '|' || {% endif %}{% endfor %})
{%- endmacro %}

{#- One number for the values of some columns: equal for equal ones, NULL being one of them. -#}
{% macro row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro matches_pattern(body, pattern) -%}
    regexp_matches({{ body }}, {{ pattern }})
{%- endmacro %}

{#- One pattern that matches where any of the grouped ones does. -#}
{% macro any_of_patterns(pattern) -%}
    string_agg('(?:' || {{ pattern }} || ')', '|' order by {{ pattern }})
{%- endmacro %}

{#- The digits of a text alone. -#}
{% macro digits(text) -%}
    regexp_replace({{ text }}, '[^0-9]+', '', 'g')
{%- endmacro %}

{#- Lower-case words parted by single blanks: no punctuation, no emoji. -#}
{% macro plain_words(body) -%}
    trim(regexp_replace(lower({{ body }}), '[^\p{L}\p{N}]+', ' ', 'g'))
{%- endmacro %}

{#- One row per day between two dates, both included; the column is `calendar_date`. -#}
{% macro days_between(first_date, last_date) -%}
    unnest(generate_series({{ first_date }}, {{ last_date }}, interval 1 day))::date as calendar_date
{%- endmacro %}

{#- The date so many days after (before, if negative) another. -#}
{% macro date_plus(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}

{#- Whole days from one date to another. -#}
{% macro days_from(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{#- A sum of doubles that are added in one order, so that it is the same to the last digit each time. -#}
{% macro ordered_sum(expression, order) -%}
    sum({{ expression }} order by {{ order }})
{%- endmacro %}

{#- A text in which all that matches a pattern gives way to another text, in which \1 is its group. -#}
{% macro replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{#- Many texts as one and as a list again: two marks that no text bears part them, so that what is
    found beside one text's end is none of the next one's. -#}
{% macro texts_joined(text, order) -%}
    string_agg({{ text }}, repeat(chr(30), 2) order by {{ order }})
{%- endmacro %}

{% macro texts_parted(joined) -%}
    string_split({{ joined }}, repeat(chr(30), 2))
{%- endmacro %}

{% macro without_text_end(text) -%}
    replace({{ text }}, chr(30), ' ')
{%- endmacro %}
