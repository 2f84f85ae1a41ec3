with

{{ compared_kpis("dimension != 'all'") }}

select
    business_id,
    period,
    dimension,
    segment,
    kpi,

    {{ segment_light() }} as status,

    case when qualified_sessions >= {{ var('fewest_sessions') }} then is_change_significant end
        as is_change_significant,

    value,
    lower,
    upper,
    numerator,
    denominator,
    observations,
    target,
    previous_value,
    change,
    share_settled,
    share_mature,

    period_start,
    period_end
from compared
