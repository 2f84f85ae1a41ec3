"""The article's own table, one row per bot answer, as messages and leads.

`<business>/article/chat_logs/<any name>.{csv,csv.gz}` with `session_id`, `response_time` (seconds;
empty = the bot did not answer), `intent_correct`, `created_lead` and optionally `answered_at`.

A row becomes a customer message and, `response_time` later, the bot's answer. The rows of a session
with `created_lead` = 1 become one lead, created when the first of them was answered. Both streams
come from one loading of the file, that of `messages`; the ledger counts the rows of the file.

Without `answered_at` no date is known: the rows of a session are laid out in the file's order from
1970-01-01T00:00:00Z, each a second after the answer before. **1970-01-01 means "no date given".**
Ids of messages derive from the row's content and from how many identical rows came before it in the
file, so that the same rows in two files are the same messages.
"""

# ruff: noqa: S608 — names in the SQL are those of the contract, values are parameters.

from orchestration.sources.contract import Feed, System
from orchestration.streams import Column, Stream

# A wait beyond a month is no answer to the question, and would run out of the calendar when summed.
_LONGEST_RESPONSE_SECONDS = 30 * 24 * 3600

_CHAT_LOGS = Stream(
    "chat_logs",
    (
        Column("session_id", required=True),
        Column("response_time", "number", minimum=0, maximum=_LONGEST_RESPONSE_SECONDS),
        Column("intent_correct", "boolean"),
        Column("created_lead", "boolean"),
        Column("answered_at", "timestamp"),
    ),
)

_EXCHANGES = """
with numbered as (
    select
        *,
        coalesce(round(response_time * 1000000)::bigint, 0) as response_microseconds,
        row_number() over (
            partition by
                file_id, session_id, answered_at, response_time, intent_correct, created_lead
            order by source_line
        ) as occurrence,
    from records
),

laid_out as (
    select
        *,
        sum(response_microseconds + 1000000) over (
            partition by file_id, session_id, answered_at is null
            order by source_line
            rows between unbounded preceding and 1 preceding
        ) as microseconds_before,
    from numbered
),

timed as (
    select
        *,
        coalesce(
            answered_at - to_microseconds(response_microseconds),
            timestamp '1970-01-01' + to_microseconds(coalesce(microseconds_before, 0)::bigint)
        ) as asked_at,
    from laid_out
),

exchanges as (
    select
        *,
        asked_at + to_microseconds(response_microseconds) as responded_at,
        'chat-log-' || left(sha256(concat_ws(
            chr(31),
            session_id,
            coalesce(answered_at::varchar, ''),
            coalesce(response_time::varchar, ''),
            coalesce(intent_correct::varchar, ''),
            coalesce(created_lead::varchar, ''),
            occurrence
        )), 32) as exchange_id,
    from timed
)
"""

# The intent's name says only that the classifier had its turn: the article's log does not name it.
_MESSAGES = f"""{_EXCHANGES}
select
    file_id,
    source_line,
    exchange_id || '-question' as message_id,
    'web' as channel,
    session_id,
    session_id as user_id,
    asked_at as sent_at,
    'customer' as sender,
    'text' as kind,
    'article' as intent,
    intent_correct,
from exchanges
union all by name
select
    file_id,
    source_line,
    exchange_id || '-answer' as message_id,
    'web' as channel,
    session_id,
    session_id as user_id,
    responded_at as sent_at,
    'bot' as sender,
    'text' as kind,
from exchanges
where response_time is not null
"""

_LEADS = f"""{_EXCHANGES}
select
    file_id,
    source_line,
    session_id as lead_id,
    responded_at as created_at,
    responded_at as modified_at,
    'new' as status,
    session_id,
    session_id as user_id,
    'web' as channel,
from exchanges
where created_lead
qualify row_number() over (
    partition by file_id, session_id order by responded_at, source_line
) = 1
"""

SYSTEM = System(
    "article",
    {
        "chat_logs": Feed(
            _CHAT_LOGS,
            {"messages": _MESSAGES, "leads": _LEADS},
            formats={".csv": "csv", ".csv.gz": "csv"},
        )
    },
)
