"""The systems whose files can be read, by the name of their folder."""

from collections.abc import Mapping

from orchestration.sources import (
    amocrm,
    article,
    chatwoot,
    dialogflow,
    generic,
    instagram,
    rasa,
    telegram,
    whatsapp,
)
from orchestration.sources.bitrix24 import system as bitrix24
from orchestration.sources.contract import Feed, System

SYSTEMS: Mapping[str, System] = {
    system.name: system
    for system in (
        generic.SYSTEM,
        article.SYSTEM,
        rasa.SYSTEM,
        chatwoot.SYSTEM,
        amocrm.SYSTEM,
        dialogflow.SYSTEM,
        instagram.SYSTEM,
        telegram.SYSTEM,
        whatsapp.SYSTEM,
        bitrix24.SYSTEM,
    )
}


def feeds_loaded_with(stream: str) -> dict[tuple[str, str], Feed]:
    """Feeds whose files are read when `stream` is loaded, by system and folder."""
    return {
        (system.name, folder): feed
        for system in SYSTEMS.values()
        for folder, feed in system.feeds.items()
        if feed.owner() == stream
    }
