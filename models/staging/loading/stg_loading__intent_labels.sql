{{ delivered_rows('intent_labels', 'labelled_at', ['message_id', 'labeller']) }}
