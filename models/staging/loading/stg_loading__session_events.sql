{{ delivered_rows('session_events', 'event_at', ['system', 'event_id']) }}
