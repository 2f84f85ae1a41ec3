with

businesses as (
    select * from {{ ref('stg_settings__businesses') }}
),

own_dayparts as (
    select * from {{ ref('stg_settings__dayparts') }}
),

default_dayparts as (
    select * from {{ ref('dayparts') }}
),

customised as (
    select distinct business_id
    from own_dayparts
),

chosen as (
    select
        business_id,
        daypart,
        starts_minute,
        ends_minute
    from own_dayparts

    union all

    select
        businesses.business_id,
        default_dayparts.daypart,
        {{ clock_minutes('default_dayparts.starts_at') }} as starts_minute,
        {{ clock_minutes('default_dayparts.ends_at') }} as ends_minute
    from businesses
    cross join default_dayparts
    left join customised
        on businesses.business_id = customised.business_id
    where customised.business_id is null
)

select
    business_id,
    daypart,

    starts_minute,
    ends_minute
from chosen
