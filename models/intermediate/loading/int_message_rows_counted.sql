{{ config(materialized='incremental', meta={'kept_by': 'users'}) }}

{%- set states = row_states() %}

with

messages as (
    select * from {{ ref('stg_loading__messages') }}
),

worded as (
    select * from {{ ref('int_messages_worded') }}
),

-- Only few messages come twice, and only they need an order.
repeated as (
    select {{ message_hash() }} as message_hash
    from messages
    where messages.is_known
    group by all
    having count(*) > 1
),

marked as (
    select
        messages.*,
        messages.is_known and repeated.message_hash is not null as is_repeated
    from messages
    left join repeated
        on {{ message_hash() }} = repeated.message_hash
),

versions as (
    select
        marked.*,
        worded.sender = 'system' as is_service_at_last,
        row_number() over (
            partition by
                marked.business_id, marked.system, marked.chat_id, marked.message_id
            order by
                marked.told_at desc, marked.loaded_at desc, marked.source_file desc,
                marked.source_line desc, marked.user_id asc
        ) as version_number
    from marked
    inner join worded
        on
            marked.business_id = worded.business_id
            and marked.system = worded.system
            and marked.chat_id = worded.chat_id
            and marked.message_id = worded.message_id
    where marked.is_repeated
),

judged as (
    select
        business_id,
        user_id,
        system,
        source_file,
        told_at,
        loaded_at,
        case
            when not is_known then 'future'
            when is_service then 'service'
            else 'current'
        end as state
    from marked
    where not is_repeated

    union all

    select
        business_id,
        user_id,
        system,
        source_file,
        told_at,
        loaded_at,
        case
            when version_number > 1 then 'superseded'
            when is_service_at_last then 'service'
            else 'current'
        end as state
    from versions
)

select
    business_id,
    user_id,
    system,
    source_file,

    {% for state in states -%}
        {{ count_where("state = '" ~ state ~ "'") }} as {{ state }}_rows,
    {% endfor %}
    date_trunc('hour', told_at) as told_hour_at,
    loaded_at
from judged
group by all
