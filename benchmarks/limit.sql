-- The daily KPIs of generated data in one query, as one would write it for exactly these files: no
-- ledger, no rejects, no duplicates looked for, no second use. What the machine permits.
-- The same text runs on DuckDB and on PostgreSQL. Relations: messages, leads.
with

spoken as materialized (
    select
        business_id,
        channel,
        session_id,
        user_id,
        sent_at,
        sender,
        phone,
        intent is not null as is_classified,
        coalesce(is_fallback, false) as is_fallback
    from messages
),

-- A customer who was silent for more than a day begins anew.
paced as (
    select
        *,
        case
            when
                sender = 'customer'
                and coalesce(
                    sent_at - lag(sent_at) over (
                        partition by business_id, channel, user_id
                        order by sent_at
                    ) > interval '24 hours',
                    true
                )
                then 1
            else 0
        end as opened
    from spoken
    where session_id is null
),

numbered as (
    select
        *,
        sum(opened) over (
            partition by business_id, channel, user_id
            order by sent_at
            rows between unbounded preceding and current row
        ) as session_number
    from paced
),

assigned as (
    select
        business_id,
        channel,
        user_id,
        session_id,
        0 as session_number,
        sent_at,
        sender,
        phone,
        is_classified,
        is_fallback
    from spoken
    where session_id is not null

    union all

    select
        business_id,
        channel,
        user_id,
        session_id,
        session_number,
        sent_at,
        sender,
        phone,
        is_classified,
        is_fallback
    from numbered
),

sessions as materialized (
    select
        business_id,
        channel,
        user_id,
        session_id,
        session_number,
        min(phone) as phone,
        min(sent_at) as started_at,
        max(sent_at) as ended_at,
        min(sent_at) filter (where sender != 'customer') as answered_at,
        count(*) filter (where sender = 'bot') as bot_messages,
        count(*) filter (where sender = 'operator') as operator_messages,
        count(*) filter (where is_classified) as classifiable_messages,
        count(*) filter (where is_classified and is_fallback) as no_match_messages
    from assigned
    group by business_id, channel, user_id, session_id, session_number
),

-- Versions of a lead differ in their state alone.
created as materialized (
    select
        business_id,
        lead_id,
        min(created_at) as created_at,
        min(session_id) as session_id,
        min(phone) as phone
    from leads
    group by business_id, lead_id
),

people as (
    select distinct
        business_id,
        channel,
        user_id,
        phone
    from sessions
    where phone is not null
),

-- A lead that names a phone belongs to the person's last session before it, for a week.
phoned as (
    select
        created.business_id,
        created.lead_id,
        max(sessions.started_at) as started_at,
        min(people.channel) as channel,
        min(people.user_id) as user_id
    from created
    inner join people
        on
            created.business_id = people.business_id
            and created.phone = people.phone
    inner join sessions
        on
            people.business_id = sessions.business_id
            and people.channel = sessions.channel
            and people.user_id = sessions.user_id
            and created.created_at >= sessions.started_at
            and created.created_at <= sessions.ended_at + interval '7 days'
    where created.session_id is null
    group by created.business_id, created.lead_id
),

attributed as (
    select
        sessions.business_id,
        sessions.channel,
        sessions.started_at
    from created
    inner join sessions
        on
            created.business_id = sessions.business_id
            and created.session_id = sessions.session_id

    union all

    select
        business_id,
        channel,
        started_at
    from phoned
),

daily_sessions as (
    select
        business_id,
        cast(started_at at time zone 'Europe/Moscow' as date) as session_date,
        channel,
        count(*) as sessions,
        count(answered_at) as answered_sessions,
        sum(extract(epoch from answered_at - started_at)) as ttr_seconds_sum,
        sum(classifiable_messages) as classifiable_messages,
        sum(no_match_messages) as no_match_messages,
        count(*) filter (where bot_messages > 0 and operator_messages > 0) as handoff_sessions,
        sum(operator_messages) as operator_messages
    from sessions
    group by business_id, session_date, channel
),

daily_leads as (
    select
        business_id,
        cast(started_at at time zone 'Europe/Moscow' as date) as session_date,
        channel,
        count(*) as leads
    from attributed
    group by business_id, session_date, channel
)

select
    daily_sessions.business_id,
    daily_sessions.session_date,
    daily_sessions.channel,
    daily_sessions.sessions,
    daily_sessions.answered_sessions,
    coalesce(daily_sessions.ttr_seconds_sum, 0) as ttr_seconds_sum,
    daily_sessions.classifiable_messages,
    daily_sessions.no_match_messages,
    daily_sessions.handoff_sessions,
    daily_sessions.operator_messages,
    coalesce(daily_leads.leads, 0) as leads
from daily_sessions
left join daily_leads
    on
        daily_sessions.business_id = daily_leads.business_id
        and daily_sessions.session_date = daily_leads.session_date
        and daily_sessions.channel = daily_leads.channel
