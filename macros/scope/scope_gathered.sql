{#- What a refresh computes anew, found from what changed. New, changed and departed records name
    people, sessions, leads and labelled messages; whoever bears one of these names is touched, and
    so on until nobody new is found. All that a fact hangs on shares a name with it, so that what is
    computed for the touched alone equals what is computed for everybody.

    A node is a person (`user`), a lead or a changed record; a name is of a kind. Nodes with a name in
    common are linked, but a phone, an e-mail or a chat links only a person to a lead: two people who
    share one have nothing to do with each other until a lead asks for them. -#}

{#- The streams whose rows touch somebody: when a row becomes known, what makes rows one record, and
    which of its columns name whom. A cost names nobody: it is only a reason to refresh. -#}
{% macro touching_streams() -%}
{%- do return({
    'messages': {
        'moment': 'sent_at', 'record': 'message_id',
        'names': {'user_id': 'user', 'session_id': 'session', 'message_id': 'label'},
    },
    'session_events': {
        'moment': 'event_at', 'record': 'event_id',
        'names': {'user_id': 'user', 'session_id': 'session'},
    },
    'ratings': {
        'moment': 'rated_at', 'record': 'rating_id',
        'names': {'user_id': 'user', 'session_id': 'session', 'lead_id': 'lead'},
    },
    'intent_labels': {
        'moment': 'labelled_at', 'record': 'message_id', 'names': {'message_id': 'label'},
    },
    'leads': {
        'moment': 'modified_at', 'record': 'lead_id',
        'names': {'lead_id': 'lead', 'merged_into': 'lead', 'contact_id': 'contact'},
    },
    'deals': {
        'moment': 'modified_at', 'record': 'deal_id',
        'names': {'lead_id': 'lead', 'deal_id': 'deal', 'contact_id': 'contact'},
    },
    'stage_history': {
        'moment': 'entered_at', 'record': 'entity_id',
        'names': {"case when entity = 'lead' then entity_id end": 'lead'},
    },
    'bookings': {
        'moment': 'modified_at', 'record': 'booking_id',
        'names': {
            'lead_id': 'lead', 'deal_id': 'deal', 'contact_id': 'contact', 'session_id': 'session',
        },
    },
    'costs': {'moment': 'cost_date', 'record': 'item', 'names': {}},
}) -%}
{%- endmacro %}

{#- The statements that fill `refresh.touched_…`, for the hook before the models. Who runs dbt by hand
    may build some models of what the last refresh left: the next refresh then computes everything. -#}
{% macro scope_gathered() -%}
{%- if is_run_by_hand() %}
drop table if exists refresh.built;
{%- elif computes_touched_alone() %}
set variable loaded_until = (
    select coalesce(loaded_until, timestamp '1970-01-01') from refresh.built
);
set variable known_until = (select as_of from refresh.built);
set variable as_of = (select as_of from raw.refresh_context);
{% for stream, touching in touching_streams().items() %}
{{ rows_of_the_changed(stream, touching) }}
{% endfor %}
{{ names_of_the_changed() }}
{{ nodes_reached() }}
{{ things_touched() }}
{%- endif -%}
{%- endmacro %}

{#- Every row there is, or was, of the records of a stream that changed since the last build. -#}
{% macro rows_of_the_changed(stream, touching) -%}
{%- set chat = "coalesce(chat_id, '')" if stream == 'messages' else "''" -%}
create or replace temp table changed_{{ stream }} as
with

changed as (
    select
        business_id,
        system,
        {{ chat }} as chat,
        {{ touching.record }} as record
    from raw.{{ stream }}
    where
        loaded_at > getvariable('loaded_until')
        or (
            {{ touching.moment }} > getvariable('known_until')
            and {{ touching.moment }} <= getvariable('as_of')
        )

    union

    select
        business_id,
        system,
        {{ chat }} as chat,
        {{ touching.record }} as record
    from refresh.departed_{{ stream }}
),

-- Found by one plain column, which is fast, and then told apart by the others.
alike as (
    select * from raw.{{ stream }} as present
    where exists (
        select 1
        from changed
        where
            changed.business_id = present.business_id
            and changed.record = present.{{ touching.record }}
    )

    union all by name

    select * from refresh.departed_{{ stream }}
)

select
    alike.*,
    '{{ stream }}|' || changed.system || '|' || changed.chat || '|' || changed.record as node
from (select *, {{ chat }} as chat from alike) as alike
inner join changed
    on
        alike.business_id = changed.business_id
        and alike.system = changed.system
        and alike.chat = changed.chat
        and alike.{{ touching.record }} = changed.record;
{%- endmacro %}

{#- Whom the changed records are about, and by what names those people and leads go now. -#}
{% macro names_of_the_changed() -%}
create or replace temp table named as
{% for stream, touching in touching_streams().items() -%}
{% for column, kind in touching.names.items() -%}
select business_id, 'record' as node_kind, node, '{{ kind }}' as kind, {{ column }} as name
from changed_{{ stream }}
union
{% endfor -%}
{% endfor -%}
-- A message that was labelled speaks for its sender.
select messages.business_id, 'record', changed_intent_labels.node, 'user', messages.user_id
from raw.messages as messages
inner join changed_intent_labels
    on
        messages.business_id = changed_intent_labels.business_id
        and messages.message_id = changed_intent_labels.message_id
union
-- Or it was labelled by the key that the review queue shows.
select predictions.business_id, 'record', changed_intent_labels.node, 'session', predictions.session_id
from marts.fct_predictions as predictions
inner join changed_intent_labels
    on
        predictions.business_id = changed_intent_labels.business_id
        and predictions.message_key = changed_intent_labels.message_id
union
-- What only time has changed.
select sessions.business_id, 'record', 'time', 'session', sessions.session_id
from marts.fct_sessions as sessions
where sessions.changes_at <= getvariable('as_of')
union
select leads.business_id, 'record', 'time', 'lead', leads.lead_id
from marts.fct_leads as leads
where leads.changes_at <= getvariable('as_of')
union
select links.business_id, 'record', 'settings', links.node_kind, links.node
from ({{ links_built() }}) as links
inner join refresh.changed_businesses as businesses
    on links.business_id = businesses.business_id
union
select business_id, 'user', user_id, 'session', session_id
from changed_messages
union
select business_id, 'lead', lead_id, 'session', session_id
from changed_leads
union
select business_id, 'lead', lead_id, 'user', user_id
from changed_leads
union
select business_id, 'lead', lead_id, 'contact', contact_id
from changed_leads
{% for node_kind, stream, column in [('user', 'messages', 'user_id'), ('lead', 'leads', 'lead_id')] -%}
{% for kind, name in [('phone', e164('phone')), ('email', plain_email('email'))] -%}
union
select business_id, '{{ node_kind }}', {{ column }}, '{{ kind }}', {{ name }}
from changed_{{ stream }}
{% endfor -%}
{% endfor -%}
union
select business_id, 'user', user_id, 'chat', chat_id
from changed_messages
{% for kind, name in names_of_chat_reference() -%}
union
select business_id, 'lead', lead_id, '{{ kind }}', {{ name }}
from changed_leads
{% endfor -%};
delete from named where name is null or name = '';
{%- endmacro %}

{#- Whom a CRM's chat reference may mean: a chat or a person. -#}
{% macro names_of_chat_reference() -%}
{%- do return([
    ('chat', 'chat_reference'),
    ('chat', "split_part(chat_reference, '|', 4)"),
    ('user', "split_part(chat_reference, '|', 4)"),
    ('user', "split_part(chat_reference, '|', 5)"),
]) -%}
{%- endmacro %}

{#- The links of the last build. -#}
{% macro links_built() -%}
select business_id, 'user' as node_kind, user_id as node, kind, name
from intermediate.int_users_linked
union all
select business_id, 'lead' as node_kind, lead_id as node, kind, name
from intermediate.int_leads_linked
{%- endmacro %}

{% macro nodes_reached() -%}
create or replace temp table reached as
with recursive

links as (
    {{ links_built() }}
    union all
    select * from named
),

reached as (
    select distinct business_id, node_kind, node
    from named

    union

    (
        with

        names as (
            select reached.business_id, reached.node_kind, links.kind, links.name
            from reached
            inner join links
                on
                    reached.business_id = links.business_id
                    and reached.node_kind = links.node_kind
                    and reached.node = links.node

            union all

            select business_id, node_kind, node_kind as kind, node as name
            from reached
        )

        select business_id, kind as node_kind, name as node
        from names
        where kind in ('user', 'lead')

        union all

        select links.business_id, links.node_kind, links.node
        from names
        inner join links
            on
                names.business_id = links.business_id
                and names.kind = links.kind
                and names.name = links.name
        where
            names.kind not in ('phone', 'email', 'chat')
            or names.node_kind != links.node_kind
    )
)

select * from reached;
{%- endmacro %}

{#- Sessions and dates are those of the last build; new ones come as they are computed. -#}
{% macro things_touched() -%}
create or replace table refresh.touched_users as
select business_id, node as user_id from reached where node_kind = 'user';

create or replace table refresh.touched_leads as
select business_id, node as lead_id from reached where node_kind = 'lead';

create or replace table refresh.touched_sessions as
select distinct links.business_id, links.name as session_id
from intermediate.int_users_linked as links
inner join refresh.touched_users as touched
    on links.business_id = touched.business_id and links.user_id = touched.user_id
where links.kind = 'session';

create or replace table refresh.touched_dates as
select distinct sessions.business_id, sessions.session_date
from marts.fct_sessions as sessions
inner join refresh.touched_sessions as touched
    on sessions.business_id = touched.business_id and sessions.session_id = touched.session_id;
{%- endmacro %}
