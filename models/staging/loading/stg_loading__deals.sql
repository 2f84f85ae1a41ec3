{{ delivered_rows('deals', 'modified_at', ['system', 'deal_id']) }}
