with

sessions as (
    select * from {{ ref('fct_sessions') }}
),

channels as (
    select * from {{ ref('channels') }}
),

seen as (
    select channel
    from sessions

    union

    select channel
    from channels
)

select
    seen.channel,

    coalesce(channels.name_ru, seen.channel) as name_ru,
    coalesce(channels.name_en, seen.channel) as name_en
from seen
left join channels
    on seen.channel = channels.channel
