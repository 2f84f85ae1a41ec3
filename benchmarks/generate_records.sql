-- What follows the conversations of generate_messages.sql: leads, ratings, labels.
create table ended as
select
    sessions.session_number,
    sessions.business_id,
    sessions.session_id,
    sessions.user_id,
    sessions.phone,
    sessions.session_kind,
    sessions.started_at
    + to_seconds(
        (sessions.message_count - 1) // 2
        * case sessions.session_kind when 'bot' then 60 else 1200 end
    )
    + to_hours(case when sessions.has_pause then 10 else 0 end)
    + to_minutes(16) as ended_at
from sessions;

-- A lead names its session where the platform has a number for it, and a phone otherwise. Some come
-- when the window has closed; two in five have a second version.
create table leads as
with

created as (
    select
        *,
        ended_at
        + to_seconds(cast(hash(session_number, 'lead delay') % 10800 as bigint))
        + to_days(case when chance(session_number, 'late lead') < 0.05 then 9 else 0 end)
            as created_at
    from ended
    where
        session_kind != 'unanswered'
        and chance(session_number, 'lead') < 0.22
),

versions as (
    select
        *,
        created_at as modified_at,
        'NEW' as status,
        'open' as status_semantic,
        cast(null as double) as amount
    from created

    union all

    select
        *,
        created_at + interval 1 day as modified_at,
        'CONVERTED' as status,
        'won' as status_semantic,
        1000.0 + hash(session_number, 'amount') % 90 * 100 as amount
    from created
    where chance(session_number, 'won') < 0.4
)

select
    business_id,
    case
        when modified_at >= cast(getvariable('last_day') as timestamp) then 'last_day'
        else strftime(modified_at, '%Y-%m')
    end as file_name,

    'l' || session_number as lead_id,
    created_at at time zone 'UTC' as created_at,
    modified_at at time zone 'UTC' as modified_at,
    status,
    status_semantic,
    amount,
    case when amount is not null then 'RUB' end as currency,
    session_id,
    case
        when session_id is null
            then coalesce(phone, '+7911' || lpad(cast(session_number as varchar), 7, '0'))
    end as phone
from versions
order by business_id, modified_at, lead_id;

create table ratings as
select
    business_id,
    case
        when ended_at >= cast(getvariable('last_day') as timestamp) then 'last_day'
        else strftime(ended_at, '%Y-%m')
    end as file_name,

    'r' || session_number as rating_id,
    session_id,
    case when session_id is null then user_id end as user_id,
    'chat' as survey,
    'csat' as metric,
    5 - cast(floor(5 * pow(chance(session_number, 'score'), 3)) as integer) as score,
    5 as scale_max,
    ended_at at time zone 'UTC' as rated_at
from ended
where
    session_kind != 'unanswered'
    and chance(session_number, 'rating') < 0.12
order by business_id, rated_at, rating_id;

create table intent_labels as
select
    business_id,
    file_name,

    message_id,
    case when chance(message_id, 'right') < 0.9 then intent else 'other' end as true_intent,
    'labeller' as labeller,
    sent_at + interval 1 hour as labelled_at,
    0.02 as selection_probability
from messages
where
    intent is not null
    and chance(message_id, 'label') < 0.02
order by business_id, labelled_at, message_id;
