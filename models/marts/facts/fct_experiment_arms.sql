with

exposures as (
    select * from {{ ref('fct_exposures') }}
),

counted as (
    {% for metric, outcome in experiment_outcomes() -%}
        select
            business_id,
            experiment,
            variant,
            '{{ metric }}' as metric,
            count(*) as exposed_people,
            count(*) filter (where is_mature and {{ outcome }} is not null) as people,
            count(*) filter (where is_mature and {{ outcome }}) as successes
        from exposures
        group by all

        {{ "union all" if not loop.last }}

    {% endfor -%}
)

select
    business_id,
    experiment,
    variant,
    metric,

    exposed_people,
    people,
    successes,
    cast(successes as double) / nullif(people, 0) as rate,
    {{ wilson('successes', 'people', 'lower') }} as lower,
    {{ wilson('successes', 'people', 'upper') }} as upper
from counted
