{#- What a refresh computes: everything, or what was touched since the last one. The refresh says so
    in the environment; whoever runs dbt by hand computes everything. -#}

{% macro computes_touched_alone() -%}
{%- do return(env_var('REFRESH_SCOPE', 'everything') == 'touched') -%}
{%- endmacro %}

{% macro is_run_by_hand() -%}
{%- do return(
    execute and flags.WHICH in ('build', 'run') and env_var('REFRESH_SCOPE', '') == ''
) -%}
{%- endmacro %}

{#- True for the rows of `relation` that this refresh computes: those of a touched user, lead, session
    or date. -#}
{% macro is_touched(things, relation) -%}
{%- set key = {
    'users': 'user_id', 'leads': 'lead_id', 'sessions': 'session_id', 'dates': 'session_date',
}[things] -%}
{%- if computes_touched_alone() -%}
    exists (
        select 1
        from refresh.touched_{{ things }} as touched
        where
            touched.business_id = {{ relation }}.business_id
            and touched.{{ key }} = {{ relation }}.{{ key }}
    )
{%- else -%}
    true
{%- endif -%}
{%- endmacro %}

{#- True for the rows of a model that a test has to look at: what was not touched was tested when it
    was computed. -#}
{% macro is_to_be_tested(model) -%}
{%- if execute and computes_touched_alone() -%}
    {%- set node = graph.nodes.values() | selectattr('relation_name', 'equalto', model | string) | first -%}
    {%- if node.config.materialized == 'incremental' -%}
        {{ is_touched(node.config.meta.kept_by, node.alias) }}
    {%- else -%}
        true
    {%- endif -%}
{%- else -%}
    true
{%- endif -%}
{%- endmacro %}

{#- The incremental strategy of tables that keep what was not touched. The model's meta names the
    things whose rows it replaces (`kept_by`) and the dates it touches in turn (`touches_dates`). -#}
{% macro get_incremental_touched_sql(arguments) -%}
{%- set meta = config.get('meta') -%}
{{ rows_of_the_touched_replaced(
    arguments['target_relation'], arguments['temp_relation'], meta['kept_by'],
    meta.get('touches_dates', false)
) }}
{%- endmacro %}

{#- New sessions are touched as soon as they are there, as the tests look at the touched alone. -#}
{% macro rows_of_the_touched_replaced(target, fresh, things, touches_dates) -%}
delete from {{ target }} as kept where {{ is_touched(things, 'kept') }};
{%- if things == 'sessions' and computes_touched_alone() %}
insert into refresh.touched_sessions
select distinct business_id, session_id from {{ fresh }}
except
select business_id, session_id from refresh.touched_sessions;
{%- endif %}
{%- if touches_dates and computes_touched_alone() %}
insert into refresh.touched_dates
select distinct business_id, session_date from {{ fresh }}
except
select business_id, session_date from refresh.touched_dates;
{%- endif %}
insert into {{ target }} by name select * from {{ fresh }};
{%- endmacro %}
