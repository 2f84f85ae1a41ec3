-- The rows of a landing zone, all from a running number and hashes of it. Variables: sessions,
-- businesses, days, last_day, sessions_per_user.
-- Without the awkward cases (duplicates, ties, events, broadcasts, spam, merged leads), so that one
-- query a person can read gives the same figures as the warehouse.

create temp macro chance(number, purpose) as (hash(number, purpose) % 1000000) / 1000000.0;

create temp macro pick(words, number, purpose) as
words[1 + cast(hash(number, purpose) % len(words) as integer)];

-- Half of the users come through a platform that numbers its sessions, half are told by the gap.
create table sessions as
with

numbered as (
    select
        range as session_number,
        range * getvariable('businesses') // getvariable('sessions') as business_number,
        range // getvariable('sessions_per_user') as user_number,
        range % getvariable('sessions_per_user') as session_of_user,
        chance(range, 'kind') as kind_chance
    from range(getvariable('sessions'))
),

kinds as (
    select
        *,
        user_number % 2 = 0 as is_numbered_by_platform,
        case
            when kind_chance < 0.72 then 'bot'
            when kind_chance < 0.88 then 'handoff'
            when kind_chance < 0.96 then 'operator'
            else 'unanswered'
        end as session_kind,
        cast(floor(
            (session_of_user + chance(user_number, 'day')) * getvariable('days')
            / getvariable('sessions_per_user')
        ) as integer) as day_number
    from numbered
)

select
    session_number,
    'business_' || lpad(cast(business_number + 1 as varchar), 4, '0') as business_id,
    'u' || user_number as user_id,
    case when is_numbered_by_platform then 's' || session_number end as session_id,
    case
        when not is_numbered_by_platform and chance(user_number, 'phone') < 0.7
            then '+7900' || lpad(cast(user_number as varchar), 7, '0')
    end as phone,
    is_numbered_by_platform,
    session_kind,
    pick(
        case
            when is_numbered_by_platform then ['web', 'vk', 'max']
            else ['telegram', 'whatsapp', 'instagram']
        end,
        user_number, 'channel'
    ) as channel,
    pick(['booking', 'prices', 'cancellation', 'address', 'question'], session_number, 'scenario')
        as scenario,
    case when day_number < getvariable('days') // 2 then 'v1' else 'v2' end as bot_version,
    cast(case session_kind
        when 'bot' then 4 + 2 * (hash(session_number, 'length') % 3)
        when 'handoff' then 7 + hash(session_number, 'length') % 3
        when 'operator' then 4 + hash(session_number, 'length') % 3
        else 1 + hash(session_number, 'length') % 2
    end as integer) as message_count,
    -- A few answer on the next morning: a pause that is no gap.
    chance(session_number, 'pause') < 0.03 as has_pause,
    cast(getvariable('last_day') as timestamp)
    - to_days(cast(getvariable('days') as integer) - 1 - day_number)
    + to_hours(pick(
        [0, 5, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13, 14, 15, 15, 16, 17, 18, 20],
        session_number, 'hour'
    ))
    + to_milliseconds(cast(hash(session_number, 'moment') % 3600000 as bigint)) as started_at
from kinds;

create table messages as
with

placed as (
    select
        *,
        unnest(range(1, message_count + 1)) as message_position
    from sessions
),

numbered as (
    select
        *,
        session_number * 16 + message_position as message_number,
        session_kind != 'unanswered' and message_position % 2 = 0 as is_reply,
        case
            when session_kind = 'unanswered' then message_position - 1
            else (message_position - 1) // 2
        end as turn
    from placed
),

spoken as (
    select
        *,
        case
            when not is_reply then 'customer'
            when session_kind = 'operator' or message_position > 4 and session_kind = 'handoff'
                then 'operator'
            else 'bot'
        end as sender,
        case
            when
                not is_reply
                and (
                    session_kind = 'bot'
                    or (session_kind = 'handoff' and message_position <= 3)
                )
                then round(1 - 0.8 * pow(chance(message_number, 'confidence'), 2), 3)
        end as intent_confidence
    from numbered
),

timed as (
    select
        *,
        started_at
        + to_seconds(turn * case session_kind when 'bot' then 60 else 1200 end)
        + to_hours(case when has_pause and turn > 0 then 10 else 0 end)
        + to_milliseconds(cast(hash(session_number * 16 + turn, 'asked') % 20000 as bigint))
        + to_milliseconds(cast(case sender
            when 'customer' then 0
            when 'bot' then 300 + 12000 * pow(chance(message_number, 'reply'), 3)
            else 20000 + 900000 * pow(chance(message_number, 'reply'), 3)
        end as bigint)) as sent_at
    from spoken
)

select
    business_id,
    case
        when sent_at >= cast(getvariable('last_day') as timestamp) then 'last_day'
        else strftime(sent_at, '%Y-%m')
    end as file_name,

    'm' || session_number || '-' || message_position as message_id,
    channel,
    case when not is_numbered_by_platform then 'c' || user_id end as chat_id,
    session_id,
    user_id,
    sent_at at time zone 'UTC' as sent_at,
    sender,
    case
        when sender = 'bot'
            then pick([
                'Здравствуйте! Чем могу помочь? Могу записать вас или рассказать о ценах.',
                'Свободно завтра в 12:30 и в 17:00, а также в субботу. Какое время вам удобно?',
                'Записала вас. Напомню за день до визита, адрес пришлю отдельным сообщением.',
                'Мы в пяти минутах от метро, вход со двора, работаем с 10 до 21 без выходных.',
                'Стоимость зависит от длины и выбранного мастера: от 1 800 до 4 500 рублей.',
                'Уточните, пожалуйста, какая услуга вас интересует.'
            ], message_number, 'body')
        when sender = 'operator'
            then pick([
                'Добрый день, это администратор. Сейчас посмотрю расписание и отвечу вам.',
                'Перенесли вашу запись, мастер будет ждать вас в новое время.',
                'Мы вернём предоплату в течение трёх дней на ту же карту.',
                'Да, с сертификатом можно. Возьмите его, пожалуйста, с собой.'
            ], message_number, 'body')
        when
            message_position > 1 and message_position >= message_count - 1
            and chance(message_number, 'thanks') < 0.4
            then
                pick(['Спасибо!', 'Хорошо, спасибо', 'Да', 'Благодарю 🙏'], message_number, 'body')
        else pick([
            'Здравствуйте, хочу записаться',
            'Добрый день! Сколько стоит',
            'Подскажите, пожалуйста,',
            'Можно перенести запись', 'А есть ли свободное время', 'Как до вас добраться'
        ], message_number, 'opening') || ' ' || pick([
            'на маникюр в пятницу после шести вечера', 'на консультацию к врачу на этой неделе',
            'персональная тренировка и есть ли скидка на десять занятий',
            'на стрижку и окрашивание',
            'завтра утром, если можно до одиннадцати', 'мне сказали позвонить, но никто не ответил'
        ], message_number, 'subject') || '? ' || hash(message_number, 'number') % 10000
    end as body,
    case
        when intent_confidence is not null
            then pick(
                ['book', 'price', 'reschedule', 'address', 'refund', 'other'],
                message_number, 'intent'
            )
    end as intent,
    intent_confidence,
    intent_confidence < 0.4 as is_fallback,
    case when sender = 'bot' then scenario end as scenario,
    case when sender = 'bot' then bot_version end as bot_version,
    case when sender = 'operator' then 'op' || hash(session_number, 'operator') % 5 end
        as operator_id,
    case when message_position = 1 then phone end as phone
from timed
order by business_id, sent_at, message_id;
