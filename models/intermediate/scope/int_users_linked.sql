{{ config(materialized='incremental', meta={'kept_by': 'users'}) }}

with

messages as (
    select * from {{ ref('int_messages_ordered') }}
),

deliveries as (
    select * from {{ ref('int_messages_worded') }}
    where len(named_user_ids) > 1
),

labels as (
    select distinct
        business_id,
        message_id
    from {{ ref('stg_chat__intent_labels') }}
),

people as (
    select * from {{ ref('int_people_identified') }}
    where match_method in ('phone', 'email')
),

contested as (
    select
        business_id,
        {{ content_id(['system', 'chat_id', 'message_id']) }} as name,
        unnest(named_user_ids) as user_id
    from deliveries
)

select distinct
    business_id,
    user_id,
    'session' as kind,
    session_id as name
from messages

union

select distinct
    business_id,
    user_id,
    'chat' as kind,
    chat_id as name
from messages
where
    chat_id != ''
    and sender = 'customer'

union

select
    business_id,
    user_id,
    match_method as kind,
    identity as name
from people

union

select
    messages.business_id,
    messages.user_id,
    'label' as kind,
    messages.message_id as name
from messages
inner join labels
    on
        messages.business_id = labels.business_id
        and messages.message_id = labels.message_id

union

select
    business_id,
    user_id,
    'message' as kind,
    name
from contested
