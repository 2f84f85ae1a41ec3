{#- The additive measures of sessions: one list for every table that counts them. A measure is a
    name and what it counts over fct_sessions; every numerator lies within its denominator. -#}

{% macro session_measures() -%}
{%- do return([
    ('sessions', 'count(*)'),
    ('qualified_sessions', count_where('is_qualified')),
    ('settled_sessions', count_where('is_qualified and is_settled')),
    ('mature_sessions', count_where('is_qualified and is_mature')),
    ('bot_sessions', count_where('is_qualified and is_bot_involved')),
    ('settled_bot_sessions', count_where('is_qualified and is_bot_involved and is_settled')),
    ('answered_sessions', count_where('is_qualified and is_answered')),
    ('answered_in_target_sessions', count_where('is_qualified and is_answered_in_target')),
    ('answerable_sessions', count_where('is_qualified and is_answered_in_target is not null')),
    ('unanswered_sessions', count_where('is_qualified and is_settled and not is_answered')),
    ('ttr_seconds_sum', sum_where('ttr_seconds', 'is_qualified')),
    ('ttr_sessions', count_where('is_qualified and ttr_seconds is not null')),
    ('classifiable_messages', total_where('classifiable_messages', 'is_qualified')),
    ('no_match_messages', total_where('no_match_messages', 'is_qualified')),
    ('labelled_messages', total_where('labelled_messages', 'is_qualified')),
    ('correct_messages', total_where('correct_messages', 'is_qualified')),
    ('handoff_sessions', count_where('is_qualified and is_bot_involved and has_handoff')),
    ('unplanned_handoff_sessions', count_where(
        "is_qualified and is_bot_involved and has_handoff and handoff_type != 'planned'"
    )),
    ('resolved_sessions', count_where('is_qualified and is_resolved')),
    ('contained_sessions', count_where(
        'is_qualified and is_bot_involved and not has_handoff and operator_messages = 0'
    )),
    ('converted_sessions', count_where('is_qualified and is_mature and is_converted')),
    ('leads', total_where('leads', 'is_qualified')),
    ('lead_amount', sum_where('lead_amount', 'is_qualified')),
    ('paid_amount', sum_where('paid_amount', 'is_qualified')),
    ('csat_chat_sum', sum_where('csat_chat', 'is_qualified')),
    ('csat_chat_responses', count_where('is_qualified and csat_chat is not null')),
    ('csat_chat_positive', count_where('is_qualified and csat_chat >= 4')),
    ('csat_visit_sum', sum_where('csat_visit', 'is_qualified')),
    ('csat_visit_responses', count_where('is_qualified and csat_visit is not null')),
    ('csat_visit_positive', count_where('is_qualified and csat_visit >= 4')),
    ('nps_promoters', count_where('is_qualified and nps_score >= 9')),
    ('nps_detractors', count_where('is_qualified and nps_score <= 6')),
    ('nps_responses', count_where('is_qualified and nps_score is not null')),
    ('human_handle_seconds', sum_where('human_handle_seconds', 'is_qualified')),
    ('operator_sessions', count_where('is_qualified and operator_messages > 0')),
    ('operator_messages', total_where('operator_messages', 'is_qualified')),
]) -%}
{%- endmacro %}

{#- What a rate or a mean needs besides: sums over mature sessions, and sums of squares, by which a
    mean says how sure it is. -#}
{% macro precision_measures() -%}
{%- do return([
    ('rankable_sessions', count_where(
        'is_qualified and (ttr_seconds is not null or (is_settled and not is_answered))'
    )),
    ('labelled_weight', sum_where('labelled_weight', 'is_qualified')),
    ('correct_weight', sum_where('correct_weight', 'is_qualified')),
    ('labelled_weight_squares', sum_where('labelled_weight_squares', 'is_qualified')),
    ('mature_leads', sum_where('leads', 'is_qualified and is_mature')),
    ('mature_leads_squares', sum_where('leads * leads', 'is_qualified and is_mature')),
    ('ttr_seconds_squares', sum_where('ttr_seconds * ttr_seconds', 'is_qualified')),
    ('csat_chat_squares', sum_where('csat_chat * csat_chat', 'is_qualified')),
    ('csat_visit_squares', sum_where('csat_visit * csat_visit', 'is_qualified')),
    ('human_handle_seconds_squares', sum_where(
        'human_handle_seconds * human_handle_seconds', 'is_qualified'
    )),
    ('operator_messages_squares', sum_where(
        'operator_messages * operator_messages', 'is_qualified'
    )),
    ('ttr_bot_sessions', count_where('is_qualified and ttr_bot_seconds is not null')),
    ('ttr_human_sessions', count_where('is_qualified and ttr_human_seconds is not null')),
    ('ttr_human_business_sessions', count_where(
        'is_qualified and ttr_human_business_seconds is not null'
    )),
    ('rankable_bot_sessions', count_where(
        'is_qualified and (ttr_bot_seconds is not null or ' ~ waits_for_the_bot() ~ ')'
    )),
    ('rankable_human_sessions', count_where(
        'is_qualified and (ttr_human_seconds is not null or ' ~ waits_for_a_person() ~ ')'
    )),
    ('rankable_human_business_sessions', count_where(
        'is_qualified and (ttr_human_business_seconds is not null or ' ~ waits_for_a_person() ~ ')'
    )),
    ('returned_sessions', count_where('is_qualified and is_settled and returned_within_72h')),
    ('resolved_sessions_24h', count_where(is_resolved_within(24))),
    ('resolved_sessions_168h', count_where(is_resolved_within(168) ~ ' and ' ~ is_over(168))),
    ('settled_bot_sessions_168h', count_where(
        'is_qualified and is_bot_involved and is_settled and ' ~ is_over(168)
    )),
    ('settled_csat_chat_responses', count_where(
        'is_qualified and is_settled and csat_chat is not null'
    )),
    ('settled_csat_visit_responses', count_where(
        'is_qualified and is_settled and csat_visit is not null'
    )),
    ('settled_nps_responses', count_where('is_qualified and is_settled and nps_score is not null')),
    ('bot_handled_sessions', count_where('is_qualified and bot_handle_seconds is not null')),
    ('bot_handle_seconds', sum_where('bot_handle_seconds', 'is_qualified')),
    ('bot_handle_seconds_squares', sum_where(
        'bot_handle_seconds * bot_handle_seconds', 'is_qualified'
    )),
]) -%}
{%- endmacro %}

{#- People, who may come back on another day: no sum of days. -#}
{% macro people_measures() -%}
{%- do return([
    ('mature_people', count_people('is_qualified and is_mature')),
    ('converted_people', count_people('is_qualified and is_mature and is_converted')),
]) -%}
{%- endmacro %}

{#- Leads that are not deleted, by the day of their creation: columns of fct_leads. -#}
{% macro lead_measures() -%}
{%- do return([
    ('created_leads', 'count(*)'),
    ('unmatched_leads', count_where('session_id is null')),
    ('no_show_bookings', total_where('no_show_bookings', 'true')),
    ('awaited_bookings', total_where('no_show_bookings + arrived_bookings', 'true')),
    ('cancelled_bookings', total_where('cancelled_bookings', 'true')),
    ('decided_bookings', total_where(
        'no_show_bookings + arrived_bookings + cancelled_bookings', 'true'
    )),
    ('revenue_amount', sum_where('revenue_amount', 'is_revenue_mature')),
    ('revenue_leads', count_where('is_revenue_mature and revenue_amount is not null')),
    ('revenue_amount_squares', sum_where('revenue_amount * revenue_amount', 'is_revenue_mature')),
]) -%}
{%- endmacro %}

{#- One of them by its name. -#}
{% macro session_measure(name) -%}
{%- do return((session_measures() + precision_measures()) | selectattr(0, 'equalto', name) | first | last) -%}
{%- endmacro %}

{#- The clocks that are ranked: the measure that counts the answered, and their seconds. -#}
{% macro ranked_clocks() -%}
{%- do return([
    ('ttr_sessions', 'ttr_seconds'),
    ('ttr_bot_sessions', 'ttr_bot_seconds'),
    ('ttr_human_sessions', 'ttr_human_seconds'),
    ('ttr_human_business_sessions', 'ttr_human_business_seconds'),
]) -%}
{%- endmacro %}

{#- Every measure of a period, in one order. -#}
{% macro measure_names() -%}
{%- set measures = session_measures() + precision_measures() + people_measures() + lead_measures() -%}
{%- do return(measures | map('first') | list) -%}
{%- endmacro %}

{#- The place in that order of the measure which a KPI's registry row names in one of its columns. -#}
{% macro measure_position(role) -%}
    list_position(['{{ measure_names() | join("', '") }}'], {{ role }})
{%- endmacro %}

{#- The measures of a row as one list, so that a KPI picks its own by their places in it. -#}
{% macro measure_amounts() -%}
    [{{ measure_names() | join(', ') }}]
{%- endmacro %}

{#- The bot took part, and nobody answered in the end. -#}
{% macro waits_for_the_bot() -%}
    (is_settled and is_bot_involved and not is_answered)
{%- endmacro %}

{#- A person had to answer, as the bot handed over or took no part, and nobody did. A session that
    somebody took over without a handoff has no moment to wait from. -#}
{% macro waits_for_a_person() -%}
    (
        is_settled and ttr_human_seconds is null and case
            when has_handoff then handoff_type != 'took_over'
            else not is_bot_involved and not is_answered
        end
    )
{%- endmacro %}

{#- What `is_resolved` says of 72 hours, of another number of them. -#}
{% macro is_resolved_within(hours) -%}
    is_qualified and is_bot_involved and outcome in ('bot_goal', 'bot_confirmed', 'bot_assumed')
        and not coalesce(returned_within_{{ hours }}h, false)
{%- endmacro %}

{#- The hours after the last message are over: they are no longer among what the row waits for. -#}
{% macro is_over(hours) -%}
    coalesce(changes_at > {{ plus_hours('ended_at', hours) }}, true)
{%- endmacro %}

{% macro count_where(condition) -%}
    count(*) filter (where {{ condition }})
{%- endmacro %}

{% macro count_people(condition) -%}
    count(distinct user_key) filter (where {{ condition }})
{%- endmacro %}

{#- A measure of days as that of a period. Whole numbers have one sum in whatever order; only what a day
    had to sum with care is summed with care over days. -#}
{% macro sum_of_days(column, expression) -%}
{%- if 'decimal' in expression -%}
    {{ exact_sum(column) }}
{%- else -%}
    sum({{ column }})
{%- endif -%}
{%- endmacro %}

{#- A measure of a segment in a span. Who never was answered within opening hours has none, and nobody
    waits for an answer within them. -#}
{% macro measured_in_period(name) -%}
{%- if name == 'rankable_human_business_sessions' -%}
    case
        when max(day_sums.ttr_human_business_sessions) over (partition by cells.business_id) > 0
            then day_sums.{{ name }}
    end
{%- else -%}
    day_sums.{{ name }}
{%- endif -%}
{%- endmacro %}

{#- True where two sums of the same differ by more than doubles do, or one of them is missing. -#}
{% macro differs(one, other) -%}
    coalesce(
        abs({{ one }} - {{ other }}) > 0.000001 * greatest(1, abs({{ one }})),
        ({{ one }} is null) != ({{ other }} is null)
    )
{%- endmacro %}

{#- The sum of nothing is 0 where the table counts, so that days add up. -#}
{% macro sum_where(column, condition) -%}
    coalesce({{ exact_sum(column, condition) }}, 0)
{%- endmacro %}

{#- The same of whole numbers. -#}
{% macro total_where(column, condition) -%}
    cast(coalesce(sum({{ column }}) filter (where {{ condition }}), 0) as bigint)
{%- endmacro %}
