{{ unread_rows('costs', 'cost_date') }}
