{{ delivered_rows('ratings', 'rated_at', ['system', 'rating_id']) }}
