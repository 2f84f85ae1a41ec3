{{ delivered_rows('bookings', 'modified_at', ['system', 'booking_id']) }}
