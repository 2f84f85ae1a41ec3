{#- How well messages are classified, as closed forms. Every macro gives NULL where there is nothing to
    divide by. -#}

{#- The shares that labelled messages give: name, the intent it is about (none: the whole bot), which
    labelled messages it counts, and which of them are hits. F1 is the share of hits among the
    messages taken for an intent and those that were of it, put one under the other. -#}
{% macro label_estimates() -%}
{%- set whole = 'cast(null as varchar)' -%}
{%- do return([
    ('accuracy', whole, 'true', 'is_correct'),
    ('in_scope_accuracy', whole, "true_class != 'out_of_scope'", 'is_correct'),
    ('out_of_scope_recall', whole, "true_class = 'out_of_scope'", 'is_correct'),
    ('precision', 'predicted_class', 'predicted_class is not null', 'is_correct'),
    ('recall', 'true_class', 'true_class is not null', 'is_correct'),
    ('no_match', 'true_class', 'true_class is not null', 'is_no_match'),
    ('f1', 'predicted_class', 'predicted_class is not null and true_class is not null', 'is_correct'),
    ('f1', 'true_class', 'true_class is not null', 'is_correct'),
]) -%}
{%- endmacro %}

{#- As many labels drawn with one chance for all would tell as much (Kish): from the sum of the
    weights and the sum of their squares. -#}
{% macro effective_labels(weight, squares) -%}
    ({{ weight }} * {{ weight }} / nullif({{ squares }}, 0))
{%- endmacro %}

{#- What the labels of one stratum, all of one weight, add to the squared distance of a weighted share
    from one end of its interval, times the squared sum of weights: the distance of the stratum's own
    share from the end of Wilson's interval, and how far the stratum lies from the whole, as a label
    says with what chance it was drawn and not of how many. -#}
{% macro stratum_distance(hits, labels, weight, share, side) -%}
{%- set own = '(' ~ hits ~ '::double / ' ~ labels ~ ')' -%}
    {{ weight }} * {{ weight }} * (
        ({{ labels }} * ({{ own }} - {{ wilson(hits, labels, side) }})) ** 2
        + ({{ own }} - {{ share }}) ** 2 * {{ labels }} * {{ (var('interval_z') | float) ** 2 }}
    )
{%- endmacro %}

{#- One end of the interval of a weighted share from the sum of those squares (the square and add
    method). Labels of one weight give Wilson's interval. -#}
{% macro stratified_bound(share, distance, weight, side) -%}
{%- if side == 'lower' -%}
    greatest(0.0, {{ share }} - sqrt({{ distance }}) / {{ weight }})
{%- else -%}
    least(1.0, {{ share }} + sqrt({{ distance }}) / {{ weight }})
{%- endif -%}
{%- endmacro %}

{#- Cohen's κ of two labellers: `agreed` of `pairs` messages, `chance` the sum over the labels of how
    often the one gave it times how often the other did. NULL where both know one label alone. -#}
{% macro cohen_kappa(agreed, pairs, chance) -%}
    (
        cast({{ pairs }} * {{ agreed }} - {{ chance }} as double)
        / nullif({{ pairs }} * {{ pairs }} - {{ chance }}, 0)
    )
{%- endmacro %}

{#- Whether a figure rests on observations enough. -#}
{% macro measured_status(observations, minimum) -%}
    case
        when coalesce({{ observations }}, 0) = 0 then 'no_data'
        -- A sum of weights may come out a hair below the whole number that it is.
        when {{ observations }} < {{ minimum }} - 0.000001 then 'not_enough_data'
        else 'measured'
    end
{%- endmacro %}

{#- One estimate of several in long form. -#}
{% macro estimate_of(name, column='value') -%}
    max({{ column }}) filter (where estimate = '{{ name }}')
{%- endmacro %}

{#- True for a day in the last 90 of the business. -#}
{% macro is_fresh_enough(sent_date) -%}
    {{ sent_date }} >= {{ date_plus('businesses.as_of_date', -90) }}
{%- endmacro %}
