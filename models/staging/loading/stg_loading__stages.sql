{{ unread_rows('stage_history', 'entered_at') }}
