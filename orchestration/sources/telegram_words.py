"""The words of Telegram's Bot API: updates that say nothing, and what a message may have."""

# Updates that are deliberately no message.
NOTHING = {
    "business_connection",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_boost",
    "removed_chat_boost",
}

# Fields of a message that are something sent.
MEDIA = {
    "animation",
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "game",
    "invoice",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
}

# Fields that every message may have beside what it says.
ENVELOPE = {
    "message_id",
    "message_thread_id",
    "direct_messages_topic",
    "from",
    "sender_chat",
    "sender_boost_count",
    "sender_business_bot",
    "date",
    "business_connection_id",
    "chat",
    "edit_date",
    "is_topic_message",
    "is_automatic_forward",
    "is_from_offline",
    "has_protected_content",
    "via_bot",
    "reply_to_message",
    "reply_markup",
    "author_signature",
    "media_group_id",
    "entities",
    "forward_origin",
}
