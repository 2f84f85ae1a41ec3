with

businesses as (
    select * from {{ ref('dim_businesses') }}
),

gaps as (
    select * from {{ ref('session_gaps') }}
),

offered as (
    select
        businesses.business_id,
        gaps.gap_minutes
    from businesses
    cross join gaps

    union

    select
        business_id,
        session_gap_minutes as gap_minutes
    from businesses
)

select
    offered.business_id,

    offered.gap_minutes = businesses.session_gap_minutes as is_own,

    offered.gap_minutes
from offered
inner join businesses
    on offered.business_id = businesses.business_id
