{#- Seconds on a response clock: a small negative difference is skew between two clocks and counts
    as 0, a larger one cannot be trusted and is NULL. -#}
{% macro elapsed_seconds(started_at, stopped_at) -%}
{%- set elapsed = seconds_between(started_at, stopped_at) -%}
    case
        when {{ elapsed }} >= 0 then {{ elapsed }}
        when {{ elapsed }} >= -{{ var('clock_skew_seconds') }} then 0.0
    end
{%- endmacro %}

{#- The first of the moments that is still to come, NULL where all have passed. -#}
{% macro next_moment_after(now, moments) -%}
    nullif(least(
        {% for moment in moments -%}
        case
            when {{ moment }} > {{ now }} then {{ moment }}
            else timestamp '9999-12-31'
        end{{ "," if not loop.last }}
        {% endfor -%}
    ), timestamp '9999-12-31')
{%- endmacro %}

{#- True where the minute lies in the daypart: half-open, and past midnight where it ends before it
    starts. A daypart that starts when it ends is the whole day. -#}
{% macro is_within_daypart(minute) -%}
    case
        when dayparts.starts_minute < dayparts.ends_minute
            then {{ minute }} >= dayparts.starts_minute and {{ minute }} < dayparts.ends_minute
        else {{ minute }} >= dayparts.starts_minute or {{ minute }} < dayparts.ends_minute
    end
{%- endmacro %}

{#- True once the person came back within the hours, false once the hours are over, NULL before. -#}
{% macro has_returned_within(hours) -%}
    case
        when followed.returned_at <= {{ plus_hours('followed.ended_at', hours) }} then true
        when {{ plus_hours('followed.ended_at', hours) }} <= refreshes.as_of then false
    end
{%- endmacro %}
