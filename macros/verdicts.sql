{#- What a comparison comes to, in words for an owner. Every text reads columns of the model that
    asks for it. -#}

{#- A share as a percentage with one decimal, as the language writes it. -#}
{% macro percentage(share, language) -%}
{%- set number = 'cast(cast(100 * ' ~ share ~ ' as decimal(18, 1)) as varchar)' -%}
    {{ "replace(" ~ number ~ ", '.', ',')" if language == 'ru' else number }}
{%- endmacro %}

{#- The same of a change, with its sign. -#}
{% macro signed_percentage(share, language) -%}
    case when {{ share }} > 0 then '+' else '' end || {{ percentage(share, language) }}
{%- endmacro %}

{% macro experiment_sentence_en() -%}
{%- set figures = "name_en || ' ' || " ~ percentage('rate_b', 'en') ~ " || ' % against '
            || " ~ percentage('rate_a', 'en') ~ " || ' %, a difference between '
            || " ~ percentage('always_valid_lower', 'en') ~ " || ' and '
            || " ~ percentage('always_valid_upper', 'en') ~ " || ' points'" -%}
    case
        when variant_b is null then 'Only variant ' || variant_a || ' has been seen so far.'
        when health = 'sample_ratio'
            then
                'Do not trust these figures: ' || cast(exposed_people_a as varchar)
                || ' people got variant ' || variant_a || ' and '
                || cast(exposed_people_b as varchar) || ' variant ' || variant_b
                || ', which chance hardly gives. Find out how variants are dealt.'
        when health = 'both_arms'
            then
                'Do not trust these figures: ' || {{ percentage('share_in_both_arms', 'en') }}
                || ' % of the people saw more than one variant. A person must keep theirs.'
        when health = 'too_few'
            then
                'Too early to say: a variant has fewer than ' || cast(minimum_people as varchar)
                || ' people whose outcome is final.'
        when verdict = 'ship_b'
            then 'Give variant ' || variant_b || ' to everybody: ' || {{ figures }} || '.'
        when verdict = 'keep_a'
            then 'Keep variant ' || variant_a || ', ' || variant_b || ' is worse: ' || {{ figures }} || '.'
        when days_left = 0
            then
                'No difference to speak of: ' || {{ figures }} || '. So many people would show one of '
                || {{ percentage('sought_difference', 'en') }} || ' points four times in five.'
        else
            'No difference can be told yet: ' || {{ figures }} || '. '
            || coalesce(
                'To see a difference of ' || {{ percentage('sought_difference', 'en') }}
                || ' points takes ' || cast(people_needed as varchar) || ' people per variant'
                || coalesce(', about ' || cast(days_left as varchar) || ' days more', '') || '.',
                ''
            )
    end
{%- endmacro %}

{% macro experiment_sentence_ru() -%}
{%- set figures = "name_ru || ' ' || " ~ percentage('rate_b', 'ru') ~ " || ' % против '
            || " ~ percentage('rate_a', 'ru') ~ " || ' %, разница от '
            || " ~ percentage('always_valid_lower', 'ru') ~ " || ' до '
            || " ~ percentage('always_valid_upper', 'ru') ~ " || ' п. п.'" -%}
    case
        when variant_b is null then 'Пока встретился только вариант ' || variant_a || '.'
        when health = 'sample_ratio'
            then
                'Этим цифрам верить нельзя: вариант ' || variant_a || ' получили '
                || cast(exposed_people_a as varchar) || ' чел., вариант ' || variant_b || ' — '
                || cast(exposed_people_b as varchar)
                || ' чел., случайно так почти не бывает. Проверьте, как раздаются варианты.'
        when health = 'both_arms'
            then
                'Этим цифрам верить нельзя: ' || {{ percentage('share_in_both_arms', 'ru') }}
                || ' % людей видели больше одного варианта. Человек должен видеть один и тот же.'
        when health = 'too_few'
            then
                'Судить рано: в одном из вариантов меньше ' || cast(minimum_people as varchar)
                || ' чел. с окончательным исходом.'
        when verdict = 'ship_b'
            then 'Включайте всем вариант ' || variant_b || ': ' || {{ figures }}
        when verdict = 'keep_a'
            then 'Оставьте вариант ' || variant_a || ', ' || variant_b || ' хуже: ' || {{ figures }}
        when days_left = 0
            then
                'Заметной разницы нет: ' || {{ figures }} || ' При стольких людях разница в '
                || {{ percentage('sought_difference', 'ru') }}
                || ' п. п. была бы видна в четырёх случаях из пяти.'
        else
            'Разницы пока не видно: ' || {{ figures }} || ' '
            || coalesce(
                'Чтобы заметить разницу в ' || {{ percentage('sought_difference', 'ru') }}
                || ' п. п., нужно ' || cast(people_needed as varchar) || ' чел. на вариант'
                || coalesce(', ещё примерно ' || cast(days_left as varchar) || ' дн.', '.'),
                ''
            )
    end
{%- endmacro %}

{#- A KPI's value with its unit: a rate as a percentage, a time in seconds or minutes. -#}
{% macro quantity(value, language) -%}
{%- set plain = 'cast(cast(' ~ value ~ ' as decimal(18, 1)) as varchar)' -%}
{%- set number = "replace(" ~ plain ~ ", '.', ',')" if language == 'ru' else plain -%}
    case unit
        when 'rate' then {{ percentage(value, language) }} || ' %'
        when 'seconds' then {{ number }} || {{ "' с'" if language == 'ru' else "' s'" }}
        when 'minutes' then {{ number }} || {{ "' мин'" if language == 'ru' else "' min'" }}
        else {{ number }}
    end
{%- endmacro %}

{% macro change_sentence_en() -%}
    case verdict
        when 'not_enough_data' then 'Not enough data to compare with the baseline.'
        else
            case verdict
                when 'better' then 'Better than before: '
                when 'worse' then 'Worse than before: '
                else 'No clear change: '
            end
            || {{ quantity('baseline_value', 'en') }} || ' then, '
            || {{ quantity('current_value', 'en') }} || ' now'
            || coalesce(
                ' (' || {{ signed_percentage('relative_uplift', 'en') }} || ' %, expected '
                || {{ signed_percentage('expected_change', 'en') }} || ' %: '
                || case expectation
                    when 'reached' then 'reached'
                    when 'not_reached' then 'not reached'
                    else 'cannot be told yet'
                end || ')',
                ''
            ) || '.'
    end
{%- endmacro %}

{% macro change_sentence_ru() -%}
    case verdict
        when 'not_enough_data' then 'Мало данных для сравнения с исходным периодом.'
        else
            case verdict
                when 'better' then 'Стало лучше: '
                when 'worse' then 'Стало хуже: '
                else 'Явного изменения нет: '
            end
            || 'было ' || {{ quantity('baseline_value', 'ru') }} || ', сейчас '
            || {{ quantity('current_value', 'ru') }}
            || coalesce(
                ' (' || {{ signed_percentage('relative_uplift', 'ru') }} || ' %, ожидалось '
                || {{ signed_percentage('expected_change', 'ru') }} || ' %: '
                || case expectation
                    when 'reached' then 'достигнуто'
                    when 'not_reached' then 'не достигнуто'
                    else 'пока не ясно'
                end || ')',
                ''
            ) || '.'
    end
{%- endmacro %}
