{{ delivered_rows('stage_history', 'entered_at', [
    'system', 'entity', 'entity_id', 'stage', 'stage_semantic', 'entered_at',
]) }}
