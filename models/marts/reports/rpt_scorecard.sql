with

{{ compared_kpis("dimension = 'all'") }}

select
    business_id,
    period,
    kpi,

    {{ light() }} as status,

    is_change_significant,

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
