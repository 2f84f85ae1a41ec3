with

paced as (
    select * from {{ ref('int_sources_paced') }}
)

select
    business_id,
    system,
    stream,

    is_silent,

    share_of_days,
    usual_gap_hours,

    last_told_date
from paced
