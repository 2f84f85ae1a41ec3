"""Which channel an open line's connector is."""

from collections.abc import Mapping

# Names as `imconnector.list` gives them; those of the marketplace's apps have the word in them.
_CONNECTORS = {
    "livechat": "web",
    "vkgroup": "vk",
    "vkgrouporder": "vk",
    "fbinstagram": "instagram",
    "fbinstagramdirect": "instagram",
}
_WORDS = ("telegram", "whatsapp", "instagram", "viber", "avito")
_CHAT_PARTS = 5


def channel_of(connector: str, channels: Mapping[str, str]) -> str:
    """The channel of a connector; `channels` are a business's own names for some of them."""
    name = connector.strip().lower()
    if name in channels:
        return channels[name]
    if name in _CONNECTORS:
        return _CONNECTORS[name]
    return next((word for word in _WORDS if word in name), name)


def chat_parts(reference: str, channels: Mapping[str, str]) -> tuple[str, str, str, str] | None:
    """Channel, line, chat and user of `imol|connector|line|chat|user`, also without the `imol`."""
    parts = reference.split("|")
    if parts[0] != "imol":
        parts = ["imol", *parts]
    if len(parts) != _CHAT_PARTS or not all(parts[1:]):
        return None
    _, connector, line, chat, user = parts
    return channel_of(connector, channels), line, chat, user
