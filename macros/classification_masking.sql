{#- A text without what points at a person. A mark too many does no harm; a first name that no list
    knows, at the beginning of a sentence or in small letters, stays. -#}

{#- What gives way to a mark, in this order, before the first names of the list and after them. The
    engine's patterns know no look-around, so that what stands beside is a group that comes back. -#}
{% macro masking_rules() -%}
{%- set blank = '[ \\t\\x{00A0}]' -%}
{%- set gap = '[\\s().,/–—-]{0,3}' -%}
{#- A word with a capital, or five capitals: УЗИ and СПА are no names. -#}
{%- set name = "\\p{Lu}(?:[\\p{L}’''-]*\\p{Ll}[\\p{L}’''-]*|[\\p{Lu}-]{4,})" -%}
{%- set family = "[\\p{L}-]{2,}(?:(?:ов|ев|ёв|ин|ын)(?:а|у|ой|ым|е)?|[сц]к(?:ий|ая|ой|ую|ого|ому|им)"
    ~ "|енко|[чщ]ук|ян|дзе|швили|ич|ича|ичу|[вч]на|[вч]ны|[вч]не|[вч]ну|[вч]ной)" -%}
{%- do return({'before_names': [
    ('(?i)(?:https?|ftp|tg)://\\S+', '‹ссылка›'),
    ('[^\\s@<>()",;:]+@[^\\s@<>()",;:]+\\.[\\p{L}]{2,}', '‹почта›'),
    ('@[\\p{L}\\p{N}_.]+', '‹ник›'),
    ('(?i)(?:[a-z0-9-]+\\.)+(?:[a-z]{2,}|рф)(?:/\\S*)?', '‹ссылка›'),
    ('[\\p{L}\\p{N}]*_[\\p{L}\\p{N}_]*', '‹ник›'),
    ('(?i)(телеграмм?|телега|тг|инстаграмм?|инста|вк|ник|telegram|instagram|insta|nick|username)'
        ~ '([\\s:–—-]+)[a-z][a-z0-9.]{2,}', '\\1\\2‹ник›'),
    ('\\p{Nd}(?:[\\s-]?\\p{Nd}){12,18}', '‹карта›'),
    ('\\+?\\(?\\p{Nd}(?:' ~ gap ~ '\\p{Nd}){5,}', '‹телефон›'),
    ('\\p{Nd}{4,}', '‹число›'),
    ('(?i)((?:меня|нас|его|е[её]|сына|дочь|дочку|мужа|жену|реб[её]нка)\\s+зовут|зовут\\s+меня'
        ~ '|мо[её]\\s+имя|на\\s+имя|имя\\s*:|фамилия|фио|my\\s+name\\s+is|name\\s*:|call\\s+me)'
        ~ "([\\s:,–—-]+)[\\p{L}’''-]{2,}", '\\1\\2‹имя›'),
    ('(' ~ name ~ blank ~ '+)?\\p{Lu}\\.' ~ blank ~ '*\\p{Lu}\\.(?:' ~ blank ~ '*' ~ name ~ ')?', '‹имя›'),
    ('(^|[^\\p{L}])((?i:ул|пр|пер|пл|наб|гор|г|св|им|mrs?|ms|dr)\\.)' ~ blank ~ '*' ~ name, '\\1\\2 ‹имя›'),
], 'after_names': [
    ('([\\p{L}\\p{N},;:»"›%№+/&–—-]' ~ blank ~ '+|[,;:(])' ~ name ~ '(?:' ~ blank ~ '+' ~ name ~ ')*',
        '\\1‹имя›'),
    ('(?i)‹имя›(?:\\s+' ~ family ~ ')+($|[^\\p{L}-])', '‹имя›\\1'),
    ('(?i)(^|[^\\p{L}-])' ~ family ~ '\\s+‹имя›', '\\1‹имя›'),
    ('‹имя›(?:[\\s,]*‹имя›)+', '‹имя›'),
]}) -%}
{%- endmacro %}

{#- A text with the marks of one part of the rules. -#}
{% macro masked_by_rules(text, part) -%}
{%- set masked = namespace(text=text) -%}
{%- for pattern, mark in masking_rules()[part] -%}
    {%- set masked.text = replaced(masked.text, "'" ~ pattern ~ "'", "'" ~ mark ~ "'") -%}
{%- endfor -%}
{{ masked.text }}
{%- endmacro %}

{#- `names` is a pattern of first names in all their cases. Two of them may stand side by side. -#}
{% macro masked_names(text, names) -%}
{%- set known = "'(?i)(^|[^\\p{L}])(?:' || " ~ names ~ " || ')($|[^\\p{L}])'" -%}
{{ replaced(replaced(text, known, "'\\1‹имя›\\2'"), known, "'\\1‹имя›\\2'") }}
{%- endmacro %}

{#- A first name in the cases of Russian. -#}
{% macro declined(name) -%}
    case
        when {{ name }} like '%а'
            then left({{ name }}, length({{ name }}) - 1) || '(?:а|ы|и|е|у|ой|ою|ей)'
        when {{ name }} like '%я'
            then left({{ name }}, length({{ name }}) - 1) || '(?:я|и|е|ю|ей|ею|ёй)'
        when {{ name }} like '%й' or {{ name }} like '%ь'
            then left({{ name }}, length({{ name }}) - 1) || '(?:й|ь|я|ю|ем|е|и)'
        else {{ name }} || '(?:а|у|ом|ем|е)?'
    end
{%- endmacro %}
