{#- How a person is recognised in two systems. -#}

{#- A phone number as E.164. Without a country code it is a Russian one, in its three spellings (+7, 8
    and none); 00 stands for +. What is too short or too long for a number is NULL. -#}
{% macro e164(phone) -%}
{%- set dialled = "regexp_replace(" ~ digits(phone) ~ ", '^00', '')" -%}
    case
        when ltrim({{ phone }}) not like '+%' and regexp_matches({{ digits(phone) }}, '^[78][0-9]{10}$')
            then '+7' || right({{ digits(phone) }}, 10)
        when ltrim({{ phone }}) not like '+%' and regexp_matches({{ digits(phone) }}, '^[3489][0-9]{9}$')
            then '+7' || {{ digits(phone) }}
        when length({{ dialled }}) between 8 and 15
            then '+' || {{ dialled }}
    end
{%- endmacro %}

{% macro plain_email(email) -%}
    nullif(lower(trim({{ email }})), '')
{%- endmacro %}

{#- The join of two relations at the grain of leads. -#}
{% macro same_lead(one, other) -%}
    {{ one }}.business_id = {{ other }}.business_id
    and {{ one }}.system = {{ other }}.system
    and {{ one }}.lead_id = {{ other }}.lead_id
{%- endmacro %}

{#- The join of two relations at the grain of deals. -#}
{% macro same_deal(one, other) -%}
    {{ one }}.business_id = {{ other }}.business_id
    and {{ one }}.system = {{ other }}.system
    and {{ one }}.deal_id = {{ other }}.deal_id
{%- endmacro %}
