-- The daily KPI table in one query, as one would write it for DuckDB and for this question alone:
-- all columns of `rpt_kpi_daily` by the rules of the contract, over files that are read once.
-- No ledger and no rejects: a row is taken to be well written. Settings are those of a business
-- without a business.yml. There are no session events, deals and bookings in the landing zone:
-- nothing closes a session but silence, every handoff is one that an operator took, nothing is paid.
--
-- Relations: messages, leads, ratings, intent_labels with the columns of the landing zone, and the
-- seeds phrases and intent_roles. Variable: as_of. Times are whole microseconds.
with recursive

-- The one reading of the messages. What was not known by then is cut at the door. Where no platform
-- numbers the sessions, all that one says to another is a conversation. Two of ten million
-- conversations share their number with a chance of 3 in a million.
told as materialized (
    select
        business_id,
        coalesce(chat_id, '') as chat_id,
        message_id,
        channel,
        session_id,
        user_id,
        body,
        intent,
        intent_confidence,
        scenario,
        bot_version,
        phone,
        email,
        sequence,
        epoch_us(sent_at) as sent_us,
        case if(kind = 'service', 'system', sender)
            when 'customer' then 1
            when 'bot' then 2
            when 'operator' then 3
            else 4
        end as sender_rank,
        coalesce(is_broadcast, false) as is_broadcast,
        coalesce(is_broadcast, false) or coalesce(is_ack, false) as is_note,
        case
            when
                sender = 'customer'
                and coalesce(kind, 'text') in ('text', 'button')
                and length(body) <= 60
                then trim(regexp_replace(lower(body), '[^\p{L}\p{N}]+', ' ', 'g'))
        end as words,
        sender = 'bot' and (
            body like '%?' or (body like '%?%' and regexp_matches(body, '\?[^\p{L}\p{N}]*$'))
        ) as is_question,
        sender = 'customer' and coalesce(kind, 'text') = 'text'
        and (intent is not null or coalesce(is_fallback, false) or intent_correct is not null)
            as is_classified,
        coalesce(is_fallback, false)
        or intent = 'fallback'
        or coalesce(
            intent in (select intent from intent_roles where role = 'fallback_intents'), false
        ) as is_no_match,
        intent_correct,
        hash(business_id, coalesce(chat_id, ''), message_id) as message_hash,
        if(
            session_id is null,
            hash(business_id, channel, user_id),
            hash(business_id, session_id)
        ) as conversation
    from messages
    where sent_at <= getvariable('as_of')
),

-- Nearly no message comes twice, and only these are worth an order.
repeated as materialized (
    select message_hash
    from told
    group by message_hash
    having count(*) > 1
),

-- An edit keeps the first time and takes the last text; equal times are settled by content.
edited as materialized (
    select
        told.* replace (
            min(sent_us) over (partition by business_id, chat_id, message_id) as sent_us
        )
    from told
    semi join repeated using (message_hash)
    qualify
        row_number() over (
            partition by business_id, chat_id, message_id
            order by
                sent_us desc, body desc nulls last, intent desc nulls last,
                intent_confidence desc nulls last, sequence desc nulls last,
                hash(
                    channel, session_id, user_id, sender_rank, scenario, bot_version, phone,
                    email, is_broadcast, is_note, is_classified, is_no_match, intent_correct
                )
        ) = 1
),

settled as not materialized (
    from told
    anti join repeated using (message_hash)

    union all

    from edited
),

-- Sorting is dear by the width of what is sorted: the rest of a message joins again below.
ordered as (
    select
        conversation,
        message_hash,
        session_id is not null as is_numbered,
        sent_us,
        sender_rank,
        sender_rank in (2, 3) and not is_note as is_answer,
        sender_rank = 1 or is_broadcast as is_opener,
        is_classified,
        is_no_match,
        intent_correct,
        row_number() over conversation_order as position,
        lag(if(sender_rank < 4, sent_us, null) ignore nulls) over conversation_order as heard_us
    from settled
    window
        conversation_order as (
            partition by conversation
            order by sent_us, sequence nulls last, sender_rank, message_id, chat_id
        )
),

-- More than a day of silence parts: a customer or a broadcast then begins anew. What nobody said
-- before anybody spoke belongs to no session.
placed as materialized (
    select
        * exclude (is_numbered, is_opener, heard_us),
        max(
            if(
                sender_rank < 4
                and (heard_us is null or (is_opener and sent_us - heard_us > 86_400_000_000)),
                position,
                null
            )
        ) over (
            partition by conversation
            order by position
            rows between unbounded preceding and current row
        ) as opening
    from ordered
    where not is_numbered
    qualify opening is not null

    union all

    select
        * exclude (is_numbered, is_opener, heard_us),
        0 as opening
    from ordered
    where is_numbered
),

said as not materialized (
    select
        settled.*,
        placed.position,
        placed.opening,
        placed.is_answer
    from settled
    inner join placed using (conversation, message_hash)
),

summed as materialized (
    select
        conversation,
        opening,
        any_value(business_id) as business_id,
        any_value(session_id) as given_session_id,
        arg_min(channel, position) as channel,
        coalesce(
            arg_min(user_id, position) filter (where sender_rank = 1),
            arg_min(user_id, position)
        ) as user_id,
        arg_min(message_id, position) as first_message_id,
        arg_min(chat_id, position) as first_chat_id,
        arg_min(scenario, position) filter (where scenario is not null) as scenario,
        arg_min(bot_version, position) filter (where bot_version is not null) as bot_version,
        min(sent_us) filter (where sender_rank < 4) as started_us,
        max(sent_us) filter (where sender_rank < 4) as ended_us,
        min(sent_us) filter (where sender_rank = 1) as asked_us,
        min(position) filter (where sender_rank = 1) as first_customer,
        max(position) filter (where sender_rank = 1) as last_customer,
        arg_max(meaning, position) filter (where sender_rank = 1) as last_meaning,
        bool_or(meaning not in ('greeting', 'thanks', 'goodbye', 'emoji'))
            filter (where sender_rank = 1) as has_request,
        min(position) filter (where is_answer) as first_answer,
        max(position) filter (where is_answer) as last_answer,
        arg_min(sender_rank, position) filter (where is_answer) as answered_by,
        min(sent_us) filter (where is_answer) as answered_us,
        arg_max(is_question, position) filter (where sender_rank < 4) as ends_in_question,
        count(*) filter (where sender_rank = 2 and is_answer) as bot_answers,
        count(*) filter (where sender_rank = 3) as operator_messages,
        count(*) filter (where is_classified) as classified_messages,
        count(*) filter (where is_classified and is_no_match) as no_match_messages,
        count(*) filter (where is_classified and intent_correct is not null) as flagged_messages,
        count(*) filter (where is_classified and intent_correct) as flagged_correct
    from (
        select
            said.*,
            if(said.words = '', 'emoji', coalesce(phrases.meaning, 'other')) as meaning
        from said
        left join phrases
            on said.words = phrases.phrase
    )
    group by conversation, opening
    having count(*) filter (where sender_rank < 4) > 0
),

-- A session without a number of a platform is named by its first message.
sessions as materialized (
    select
        *,
        row_number() over () as session_number,
        coalesce(
            given_session_id,
            md5(concat_ws(
                '|', business_id, channel, user_id, 'generic', first_chat_id, first_message_id
            ))
        ) as session_id
    from summed
),

-- Where something was said before the customer spoke, what answers is looked for one by one: what
-- stands behind the customer's first message, or has a later number in the same chat.
late as materialized (
    select said.*
    from said
    semi join (from sessions where first_answer < first_customer) using (conversation, opening)
),

answered_late as (
    select
        late.conversation,
        late.opening,
        arg_min(late.sender_rank, late.position) as answered_by,
        min(late.sent_us) as answered_us
    from late
    inner join late as asked
        on
            late.conversation = asked.conversation
            and late.opening = asked.opening
    inner join sessions
        on
            asked.conversation = sessions.conversation
            and asked.position = sessions.first_customer
    where
        late.is_answer
        and (
            late.position > asked.position
            or (late.sequence > asked.sequence and late.chat_id = asked.chat_id)
        )
    group by late.conversation, late.opening
),

-- A person's time since the customer's message or their own previous one, and whether the bot or a
-- person has the conversation.
attended as materialized (
    select
        placed.conversation,
        placed.message_hash,
        placed.opening,
        placed.sender_rank,
        placed.is_no_match,
        placed.intent_correct,
        placed.sent_us
        - lag(if(placed.sender_rank != 2, placed.sent_us, null) ignore nulls) over session_order
            as spent_us,
        placed.is_classified
        and lag(if(placed.sender_rank != 1, placed.sender_rank, null) ignore nulls)
            over session_order = 3 as is_unasked
    from placed
    semi join (from sessions where operator_messages > 0) using (conversation, opening)
    where
        placed.sender_rank in (1, 3)
        or (placed.sender_rank = 2 and placed.is_answer)
    window
        session_order as (
            partition by placed.conversation, placed.opening
            order by placed.position
        )
),

handled as (
    select
        conversation,
        opening,
        sum(least(spent_us, 300_000_000))
            filter (where sender_rank = 3 and spent_us is not null) as handle_us,
        count(*) filter (where is_unasked) as unasked_messages,
        count(*) filter (where is_unasked and is_no_match) as unasked_no_match,
        count(*) filter (where is_unasked and intent_correct is not null) as unasked_flagged,
        count(*) filter (where is_unasked and intent_correct) as unasked_correct
    from attended
    group by conversation, opening
),

labels as materialized (
    select
        business_id,
        message_id,
        labeller,
        true_intent,
        labelled_at
    from intent_labels
    where labelled_at <= getvariable('as_of')
),

-- A label names a message by an id that no other one has, or by the key of the review queue. After
-- a person's word there is nothing to classify until the bot speaks again.
labelled as (
    select
        settled.*,
        settled.message_id as label_id
    from settled
    semi join labels using (business_id, message_id)
    anti join (from attended where is_unasked) using (conversation, message_hash)
    where settled.is_classified
    qualify count(*) over (partition by settled.business_id, settled.message_id) = 1

    union all

    select
        settled.*,
        keys.message_id as label_id
    from settled
    inner join (
        select distinct
            business_id,
            message_id
        from labels
        where regexp_full_match(message_id, '[0-9a-f]{32}')
    ) as keys
        on
            settled.business_id = keys.business_id
            and md5(concat_ws(
                '|', settled.business_id, 'generic', settled.chat_id, settled.message_id
            )) = keys.message_id
    anti join (from attended where is_unasked) using (conversation, message_hash)
    where settled.is_classified
),

-- A labeller's last opinion counts; who disagree leave the message without a truth.
opinions as (
    select
        labelled.conversation,
        labelled.message_hash,
        labelled.intent,
        labelled.intent_correct,
        labelled.is_no_match,
        labels.true_intent
    from labelled
    inner join labels
        on
            labelled.business_id = labels.business_id
            and labelled.label_id = labels.message_id
    qualify
        row_number() over (
            partition by labelled.conversation, labelled.message_hash, labels.labeller
            order by labels.labelled_at desc, labels.true_intent
        ) = 1
),

foreign_intents as materialized (
    select intent
    from intent_roles
    where role = 'out_of_scope_intents'

    union

    select 'out_of_scope' as intent
),

judged as (
    select
        conversation,
        message_hash,
        any_value(intent_correct) is not null as is_flagged,
        any_value(intent_correct) as intent_correct,
        count(distinct true_intent) = 1 as is_agreed,
        if(
            bool_or(is_no_match) or any_value(intent) in (select intent from foreign_intents),
            'out_of_scope',
            any_value(intent)
        ) = if(
            min(true_intent) in (select intent from foreign_intents),
            'out_of_scope',
            min(true_intent)
        ) as is_correct
    from opinions
    group by conversation, message_hash
),

understood as (
    select
        placed.conversation,
        placed.opening,
        count(*) filter (where judged.is_flagged) as flagged,
        count(*) filter (where judged.is_flagged and judged.intent_correct) as flagged_correct,
        count(*) filter (where judged.is_agreed) as labelled,
        count(*) filter (where judged.is_agreed and judged.is_correct) as correct
    from judged
    inner join placed using (conversation, message_hash)
    group by placed.conversation, placed.opening
),

-- The last version of a lead is its state, but for when it was first created.
lead_states as materialized (
    select
        business_id,
        lead_id,
        session_id,
        chat_reference,
        user_id,
        channel,
        phone,
        email,
        amount,
        merged_into,
        coalesce(is_deleted, false) as is_deleted,
        epoch_us(min(created_at) over (partition by business_id, lead_id)) as created_us
    from leads
    where modified_at <= getvariable('as_of')
    qualify
        row_number() over (
            partition by business_id, lead_id
            order by
                modified_at desc, status, status_semantic, amount, session_id, phone, email,
                user_id, chat_reference, merged_into, is_deleted
        ) = 1
),

merges as materialized (
    select
        lead_states.business_id,
        lead_states.lead_id,
        lead_states.merged_into
    from lead_states
    inner join lead_states as targets
        on
            lead_states.business_id = targets.business_id
            and lead_states.merged_into = targets.lead_id
    where lead_states.merged_into != lead_states.lead_id
),

-- Who was merged in a circle comes to no end, and stands for itself.
ascents as (
    from merges

    union

    select
        ascents.business_id,
        ascents.lead_id,
        merges.merged_into
    from ascents
    inner join merges
        on
            ascents.business_id = merges.business_id
            and ascents.merged_into = merges.lead_id
),

members as materialized (
    select
        lead_states.*,
        coalesce(survivors.merged_into, lead_states.lead_id) as survivor_id
    from lead_states
    left join (
        select ascents.*
        from ascents
        anti join merges
            on
                ascents.business_id = merges.business_id
                and ascents.merged_into = merges.lead_id
    ) as survivors using (business_id, lead_id)
),

-- Merged leads are one, as old as the eldest; what one of them names they all name.
families as materialized (
    select
        business_id,
        survivor_id,
        min(created_us) as created_us,
        coalesce(
            any_value(session_id) filter (where lead_id = survivor_id),
            arg_min(session_id, (created_us, lead_id)) filter (where session_id is not null)
        ) as session_id,
        any_value(amount) filter (where lead_id = survivor_id) as amount,
        any_value(is_deleted) filter (where lead_id = survivor_id) as is_deleted
    from members
    group by business_id, survivor_id
),

-- First step of the ladder: the lead names the session, and is no older than it.
named_hits as materialized (
    select
        families.business_id,
        families.survivor_id,
        sessions.session_number
    from families
    inner join sessions using (business_id, session_id)
    where sessions.started_us - families.created_us <= 2_000_000
),

phones as materialized (
    select
        given,
        case
            when given not like '+%' and regexp_full_match(digits, '[78][0-9]{10}')
                then '+7' || right(digits, 10)
            when given not like '+%' and regexp_full_match(digits, '[3489][0-9]{9}')
                then '+7' || digits
            when length(regexp_replace(digits, '^00', '')) between 8 and 15
                then '+' || regexp_replace(digits, '^00', '')
        end as phone
    from (
        select
            phone as given,
            regexp_replace(phone, '[^0-9]+', '', 'g') as digits
        from (
            select phone from settled where sender_rank = 1
            union
            select phone from members
        )
        where phone is not null
    )
),

seekers as materialized (
    select members.*
    from members
    anti join named_hits using (business_id, survivor_id)
),

-- Then whoever the lead names: by the chat, their number in the messenger, a phone, an e-mail.
sought as materialized (
    select
        business_id,
        survivor_id,
        2 as step,
        unnest(
            if(
                chat_reference like 'imol|%',
                [
                    'chat|' || split_part(chat_reference, '|', 4),
                    'user|' || split_part(chat_reference, '|', 2) || '|'
                    || split_part(chat_reference, '|', 4),
                    'user|' || split_part(chat_reference, '|', 2) || '|'
                    || split_part(chat_reference, '|', 5)
                ],
                ['chat|' || chat_reference]
            )
        ) as identity,
        cast(null as varchar) as channel
    from seekers
    where chat_reference is not null

    union

    select
        business_id,
        survivor_id,
        3 as step,
        user_id as identity,
        channel
    from seekers
    where user_id is not null

    union

    select
        seekers.business_id,
        seekers.survivor_id,
        4 as step,
        phones.phone as identity,
        cast(null as varchar) as channel
    from seekers
    inner join phones
        on seekers.phone = phones.given
    where phones.phone is not null

    union

    select
        business_id,
        survivor_id,
        5 as step,
        lower(trim(email)) as identity,
        cast(null as varchar) as channel
    from seekers
    where trim(email) != ''
),

people as materialized (
    select distinct
        settled.business_id,
        settled.channel,
        settled.user_id,
        sought.step,
        sought.identity
    from settled
    inner join sought
        on
            settled.business_id = sought.business_id
            and 'chat|' || settled.chat_id = sought.identity
    where
        sought.step = 2
        and settled.sender_rank = 1
        and settled.chat_id != ''

    union

    select
        settled.business_id,
        settled.channel,
        settled.user_id,
        sought.step,
        sought.identity
    from settled
    inner join sought
        on
            settled.business_id = sought.business_id
            and 'user|' || settled.channel || '|' || settled.user_id = sought.identity
    where
        sought.step = 2
        and settled.sender_rank = 1

    union

    select
        settled.business_id,
        settled.channel,
        settled.user_id,
        sought.step,
        sought.identity
    from settled
    inner join sought
        on
            settled.business_id = sought.business_id
            and settled.user_id = sought.identity
    where
        sought.step = 3
        and settled.sender_rank = 1

    union

    select
        settled.business_id,
        settled.channel,
        settled.user_id,
        4 as step,
        phones.phone as identity
    from settled
    inner join phones
        on settled.phone = phones.given
    where settled.sender_rank = 1

    union

    select
        business_id,
        channel,
        user_id,
        5 as step,
        lower(trim(email)) as identity
    from settled
    where
        sender_rank = 1
        and trim(email) != ''
),

-- Of each of them the last session that began before the lead, within a week of its end.
finds as (
    select
        sought.business_id,
        sought.survivor_id,
        sought.step,
        people.channel,
        people.user_id,
        max((sessions.asked_us, sessions.session_id, sessions.session_number)) as found
    from sought
    inner join families using (business_id, survivor_id)
    inner join people
        on
            sought.business_id = people.business_id
            and sought.step = people.step
            and sought.identity = people.identity
            and coalesce(sought.channel, people.channel) = people.channel
    inner join sessions
        on
            people.business_id = sessions.business_id
            and people.channel = sessions.channel
            and people.user_id = sessions.user_id
            and families.created_us >= sessions.asked_us
            and families.created_us <= sessions.ended_us + 604_800_000_000
    group by
        sought.business_id, sought.survivor_id, sought.step, people.channel, people.user_id
),

-- The ladder ends where it finds somebody, also where it finds two people of one channel.
hits as (
    select
        business_id,
        survivor_id,
        session_number
    from named_hits

    union all

    select
        business_id,
        survivor_id,
        session_number
    from (
        select
            business_id,
            survivor_id,
            step,
            struct_extract(max(found), 3) as session_number,
            count(*) > count(distinct channel) as is_ambiguous
        from finds
        group by business_id, survivor_id, step
        qualify row_number() over (partition by business_id, survivor_id order by step) = 1
    )
    where not is_ambiguous
),

matched as materialized (
    select
        families.*,
        hits.session_number
    from families
    inner join hits using (business_id, survivor_id)
),

converted as (
    select
        session_number,
        count(*) as leads,
        sum(cast(amount as decimal(28, 6))) as lead_amount
    from matched
    where not is_deleted
    group by session_number
),

led as materialized (
    select
        members.business_id,
        members.lead_id,
        matched.session_number
    from members
    inner join matched using (business_id, survivor_id)
),

-- A rating belongs to the session it names, that of the lead it names, or the last one that the
-- person had begun by then.
rating_states as materialized (
    select
        business_id,
        rating_id,
        session_id,
        user_id,
        lead_id,
        survey,
        metric,
        score,
        epoch_us(rated_at) as rated_us
    from ratings
    where rated_at <= getvariable('as_of')
    qualify
        row_number() over (
            partition by business_id, rating_id
            order by
                rated_at desc, score desc, scale_max, survey, metric,
                session_id nulls last, user_id nulls last, lead_id nulls last
        ) = 1
        and scale_max = if(metric = 'csat', 5, 10)
        and (metric = 'nps' or score >= 1)
),

rated as (
    select
        rating_states.*,
        sessions.session_number
    from rating_states
    inner join sessions using (business_id, session_id)

    union all

    select
        rating_states.*,
        led.session_number
    from rating_states
    inner join led using (business_id, lead_id)
    where rating_states.session_id is null

    union all

    (
        select
            rating_states.*,
            sessions.session_number
        from rating_states
        inner join sessions
            on
                rating_states.business_id = sessions.business_id
                and rating_states.user_id = sessions.user_id
                and rating_states.rated_us >= sessions.started_us
        where
            rating_states.session_id is null
            and rating_states.lead_id is null
        qualify
            row_number() over (
                partition by rating_states.business_id, rating_states.rating_id
                order by sessions.started_us desc, sessions.session_id
            ) = 1
    )
),

-- Of several answers the last one counts.
satisfied as (
    select
        session_number,
        arg_max(score, (rated_us, rating_id))
            filter (where metric = 'csat' and survey = 'chat') as csat_chat,
        arg_max(score, (rated_us, rating_id))
            filter (where metric = 'csat' and survey = 'visit') as csat_visit,
        arg_max(score, (rated_us, rating_id)) filter (where metric = 'nps') as nps_score
    from rated
    group by session_number
),

-- When the same person came back with more than small talk.
returned as (
    select
        session_number,
        lead(if(has_request, asked_us, null) ignore nulls) over (
            partition by hash(business_id, channel, user_id), business_id, channel, user_id
            order by coalesce(asked_us, started_us), session_id
        ) as returned_us
    from sessions
),

-- Nobody is a tester, on the staff or a spammer without a business.yml: where a customer wrote, the
-- session is a qualified one.
facts as (
    select
        sessions.*,
        sessions.asked_us is not null as is_qualified,
        sessions.ended_us + 259_200_000_000 <= epoch_us(getvariable('as_of')) as is_settled,
        sessions.ended_us + 604_800_000_000 <= epoch_us(getvariable('as_of'))
            as is_window_closed,
        sessions.bot_answers > 0 as is_bot_involved,
        sessions.bot_answers > 0 and sessions.operator_messages > 0 as has_handoff,
        timezone(
            'Europe/Moscow',
            make_timestamptz(coalesce(sessions.asked_us, sessions.started_us))
        ) as local_at,
        if(
            sessions.first_answer < sessions.first_customer,
            answered_late.answered_by,
            sessions.answered_by
        ) as first_answered_by,
        if(
            sessions.first_answer < sessions.first_customer,
            answered_late.answered_us,
            sessions.answered_us
        ) - sessions.asked_us as waited_us,
        handled.handle_us,
        sessions.classified_messages - coalesce(handled.unasked_messages, 0)
            as classifiable_messages,
        sessions.no_match_messages - coalesce(handled.unasked_no_match, 0)
            as unmatched_messages,
        sessions.flagged_messages - coalesce(handled.unasked_flagged, 0)
        - coalesce(understood.flagged, 0) + coalesce(understood.labelled, 0) as labelled_messages,
        sessions.flagged_correct - coalesce(handled.unasked_correct, 0)
        - coalesce(understood.flagged_correct, 0) + coalesce(understood.correct, 0)
        as correct_messages,
        coalesce(converted.leads, 0) as leads,
        converted.lead_amount,
        satisfied.csat_chat,
        satisfied.csat_visit,
        satisfied.nps_score,
        returned.returned_us
    from sessions
    left join answered_late using (conversation, opening)
    left join handled using (conversation, opening)
    left join understood using (conversation, opening)
    left join converted using (session_number)
    left join satisfied using (session_number)
    left join returned using (session_number)
),

-- Two clocks may differ by two seconds; beyond that nothing is known of the wait.
clocked as (
    select
        *,
        case
            when waited_us >= 0 then waited_us
            when waited_us >= -2_000_000 then 0
        end as ttr_us,
        is_settled and is_window_closed as is_mature,
        is_settled and has_request and is_bot_involved and not has_handoff
        and (
            leads > 0
            or (last_customer > last_answer and last_meaning in ('thanks', 'yes'))
            or coalesce(csat_chat >= 4, false)
            or coalesce(nps_score >= 9, false)
            or not (ends_in_question or last_customer > coalesce(last_answer, 0))
        )
        and not coalesce(returned_us <= ended_us + 259_200_000_000, false) as is_resolved
    from facts
),

targeted as (
    select
        *,
        if(
            first_answered_by is null,
            if(is_settled, false, null),
            ttr_us <= if(first_answered_by = 2, 5_000_000, 300_000_000)
        ) as is_in_target
    from clocked
)

select
    business_id,
    cast(local_at as date) as session_date,
    channel,
    case
        when hour(local_at) between 6 and 11 then 'morning'
        when hour(local_at) between 12 and 17 then 'afternoon'
        when hour(local_at) between 18 and 22 then 'evening'
        else 'night'
    end as daypart,
    scenario,
    bot_version,
    count(*) as sessions,
    count(*) filter (where is_qualified) as qualified_sessions,
    count(*) filter (where is_qualified and is_settled) as settled_sessions,
    count(*) filter (where is_qualified and is_mature) as mature_sessions,
    count(*) filter (where is_qualified and is_bot_involved) as bot_sessions,
    count(*) filter (where is_qualified and is_bot_involved and is_settled) as settled_bot_sessions,
    count(*) filter (where is_qualified and first_answered_by is not null) as answered_sessions,
    count(*) filter (where is_qualified and is_in_target) as answered_in_target_sessions,
    count(*) filter (where is_qualified and is_in_target is not null) as answerable_sessions,
    count(*) filter (where is_qualified and is_settled and first_answered_by is null)
        as unanswered_sessions,
    coalesce(sum(ttr_us) filter (where is_qualified), 0) / 1e6 as ttr_seconds_sum,
    count(*) filter (where is_qualified and ttr_us is not null) as ttr_sessions,
    coalesce(sum(classifiable_messages) filter (where is_qualified), 0) as classifiable_messages,
    coalesce(sum(unmatched_messages) filter (where is_qualified), 0) as no_match_messages,
    coalesce(sum(labelled_messages) filter (where is_qualified), 0) as labelled_messages,
    coalesce(sum(correct_messages) filter (where is_qualified), 0) as correct_messages,
    count(*) filter (where is_qualified and has_handoff) as handoff_sessions,
    -- What no event tells of was planned by nobody.
    count(*) filter (where is_qualified and has_handoff) as unplanned_handoff_sessions,
    count(*) filter (where is_qualified and is_resolved) as resolved_sessions,
    count(*) filter (where is_qualified and is_bot_involved and operator_messages = 0)
        as contained_sessions,
    count(*) filter (where is_qualified and is_mature and leads > 0) as converted_sessions,
    coalesce(sum(leads) filter (where is_qualified), 0) as leads,
    coalesce(sum(lead_amount) filter (where is_qualified), 0) as lead_amount,
    0 as paid_amount,
    coalesce(sum(csat_chat) filter (where is_qualified), 0) as csat_chat_sum,
    count(*) filter (where is_qualified and csat_chat is not null) as csat_chat_responses,
    count(*) filter (where is_qualified and csat_chat >= 4) as csat_chat_positive,
    coalesce(sum(csat_visit) filter (where is_qualified), 0) as csat_visit_sum,
    count(*) filter (where is_qualified and csat_visit is not null) as csat_visit_responses,
    count(*) filter (where is_qualified and csat_visit >= 4) as csat_visit_positive,
    count(*) filter (where is_qualified and nps_score >= 9) as nps_promoters,
    count(*) filter (where is_qualified and nps_score <= 6) as nps_detractors,
    count(*) filter (where is_qualified and nps_score is not null) as nps_responses,
    coalesce(sum(handle_us) filter (where is_qualified), 0) / 1e6 as human_handle_seconds,
    count(*) filter (where is_qualified and operator_messages > 0) as operator_sessions,
    coalesce(sum(operator_messages) filter (where is_qualified), 0) as operator_messages
from targeted
group by business_id, session_date, channel, daypart, scenario, bot_version
