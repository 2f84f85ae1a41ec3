with

periods as (
    select * from {{ ref('dim_periods') }}
),

days as (
    select * from {{ ref('fct_intent_days') }}
),

estimates as (
    select * from {{ ref('fct_intent_estimates') }}
),

agreements as (
    select * from {{ ref('fct_label_agreements') }}
),

sums as (
    select
        periods.business_id,
        periods.period,
        cast(sum(days.messages) as bigint) as classifiable_messages,
        {{ total_where('days.messages', 'days.is_correct is not null') }} as labelled_messages,
        {{ total_where('days.messages', 'days.is_disputed') }} as disputed_messages,
        max(days.last_label_at) as last_label_at
    from periods
    inner join days
        on
            periods.business_id = days.business_id
            and days.session_date between periods.period_start and periods.period_end
    group by all
),

shares as (
    select
        business_id,
        period,
        {{ estimate_of('accuracy') }} as accuracy,
        {{ estimate_of('accuracy', 'lower') }} as accuracy_lower,
        {{ estimate_of('accuracy', 'upper') }} as accuracy_upper,
        {{ estimate_of('accuracy', 'effective_labels') }} as effective_labels,
        {{ estimate_of('in_scope_accuracy') }} as in_scope_accuracy,
        {{ estimate_of('in_scope_accuracy', 'lower') }} as in_scope_accuracy_lower,
        {{ estimate_of('in_scope_accuracy', 'upper') }} as in_scope_accuracy_upper,
        {{ estimate_of('out_of_scope_recall') }} as out_of_scope_recall,
        {{ estimate_of('out_of_scope_recall', 'lower') }} as out_of_scope_recall_lower,
        {{ estimate_of('out_of_scope_recall', 'upper') }} as out_of_scope_recall_upper,
        {{ ordered_sum("case when estimate = 'f1' then value end", 'intent') }}
        / nullif({{ count_where("estimate = 'f1'") }}, 0) as macro_f1
    from estimates
    group by all
)

select
    periods.business_id,
    periods.period,

    {{ measured_status('shares.effective_labels', 30) }} as status,

    coalesce(sums.classifiable_messages, 0) as classifiable_messages,
    coalesce(sums.labelled_messages, 0) as labelled_messages,
    coalesce(shares.effective_labels, 0) as effective_labels,
    sums.labelled_messages / nullif(sums.classifiable_messages, 0) as coverage,
    shares.accuracy,
    shares.accuracy_lower,
    shares.accuracy_upper,
    shares.in_scope_accuracy,
    shares.in_scope_accuracy_lower,
    shares.in_scope_accuracy_upper,
    shares.out_of_scope_recall,
    shares.out_of_scope_recall_lower,
    shares.out_of_scope_recall_upper,
    shares.macro_f1,
    coalesce(agreements.double_labelled_messages, 0) as double_labelled_messages,
    agreements.observed_agreement,
    agreements.kappa,
    coalesce(sums.disputed_messages, 0) as disputed_messages,

    periods.period_start,
    periods.period_end,
    sums.last_label_at
from periods
left join sums
    on
        periods.business_id = sums.business_id
        and periods.period = sums.period
left join agreements
    on
        periods.business_id = agreements.business_id
        and periods.period = agreements.period
left join shares
    on
        periods.business_id = shares.business_id
        and periods.period = shares.period
