{{ delivered_rows('costs', 'cost_date', [
    'system', 'cost_date', 'item', 'currency', 'amount',
]) }}
