"""What is said of portals and destinations, which are asked over the network."""

from collections.abc import Mapping

from orchestration.config import Locale

SAYINGS_OF_REACHED: Mapping[str, Mapping[Locale, str]] = {
    "half": {
        "ru": "Настроено наполовину: есть {there}, не хватает {missing} (docs/destinations.md).",
        "en": "Half set up: {there} is there, {missing} is missing (docs/destinations.md).",
    },
    "names_nobody": {
        "ru": "{variable} не подходит ни к одной папке бизнеса: имя папки пишется заглавными, а "
        "вместо - ставится _.",
        "en": "{variable} names no business's folder: the folder's name goes in capitals, with "
        "_ for -.",
    },
    "no_portals": {
        "ru": "Портала нет. Чтобы брать заявки прямо из Битрикс24: BITRIX24_WEBHOOK_<БИЗНЕС> в "
        ".env (docs/sources/bitrix24.md).",
        "en": "No portal. To take leads straight from Bitrix24: BITRIX24_WEBHOOK_<BUSINESS> in "
        ".env (docs/sources/bitrix24.md).",
    },
    "portal_without_folder": {
        "ru": "BITRIX24_WEBHOOK_{variable} не подходит ни к одной папке бизнеса: обновление "
        "создаст {folder}. Если бизнес называется иначе, исправьте имя переменной.",
        "en": "BITRIX24_WEBHOOK_{variable} names no business's folder: a refresh will make "
        "{folder}. If the business is called otherwise, correct the variable's name.",
    },
    "portal": {
        "ru": "{business}: портал отвечает, все права есть.",
        "en": "{business}: the portal answers, every right is given.",
    },
    "portal_silent": {
        "ru": "{business}: портал не отвечает. Проверьте сеть и откройте портал в браузере.",
        "en": "{business}: the portal does not answer. Check the network, and open the portal in "
        "a browser.",
    },
    "portal_without_crm": {
        "ru": "{business}: у вебхука нет прав {rights}, а без crm заявок не прочесть. Отметьте их "
        "в портале.",
        "en": "{business}: the webhook lacks {rights}, and no lead can be read without crm. Tick "
        "them in the portal.",
    },
    "portal_rights": {
        "ru": "{business}: у вебхука нет прав {rights}; что без них не приходит, написано в "
        "docs/sources/bitrix24.md.",
        "en": "{business}: the webhook lacks {rights}; docs/sources/bitrix24.md says what is "
        "missing without them.",
    },
    "no_postgres": {
        "ru": "Нужен POSTGRES_URL=postgresql://user:password@host:5432/database в .env.",
        "en": "Needs POSTGRES_URL=postgresql://user:password@host:5432/database in .env.",
    },
    "postgres": {
        "ru": "Сервер {version} отвечает: база {database}, пользователь {user}, наших схем "
        "{schemas}.",
        "en": "Server {version} answers: database {database}, user {user}, {schemas} schemas of "
        "ours.",
    },
    "postgres_no_address": {
        "ru": "POSTGRES_URL не читается как адрес: postgresql://user:password@host:5432/database; "
        "знаки @ : / в пароле пишутся как %40 %3A %2F.",
        "en": "POSTGRES_URL is no address: postgresql://user:password@host:5432/database; write "
        "@ : / in a password as %40 %3A %2F.",
    },
    "postgres_silent": {
        "ru": "Сервер не пускает или не отвечает ({told}): проверьте POSTGRES_URL, сеть и что "
        "сервер запущен.",
        "en": "The server refuses or does not answer ({told}): check POSTGRES_URL, the network, "
        "and that the server runs.",
    },
    "postgres_no_schemas": {
        "ru": "{user} не может создавать схемы: администратору базы выполнить GRANT CREATE ON "
        "DATABASE {database} TO {user}.",
        "en": "{user} may not make schemas: as the administrator run GRANT CREATE ON DATABASE "
        "{database} TO {user}.",
    },
    "postgres_no_roles": {
        "ru": "{user} не может создавать роли читателей: таблицы придут, а пользователей для "
        "Data Studio не будет. Администратору: ALTER ROLE {user} CREATEROLE.",
        "en": "{user} may not make the readers' roles: tables will come, users for Data Studio "
        "will not. As the administrator run ALTER ROLE {user} CREATEROLE.",
    },
    "no_google_sheets": {
        "ru": "Нужны ключ сервисного аккаунта GOOGLE_SHEETS_CREDENTIALS и таблица бизнеса "
        "GOOGLE_SHEET_<БИЗНЕС> в .env.",
        "en": "Needs the key of a service account, GOOGLE_SHEETS_CREDENTIALS, and a spreadsheet "
        "per business, GOOGLE_SHEET_<BUSINESS>, in .env.",
    },
    "google_sheet": {
        "ru": "{business}: таблица открывается, наших листов {worksheets}.",
        "en": "{business}: the spreadsheet opens, {worksheets} worksheets of ours.",
    },
    "no_bigquery": {
        "ru": "Нужны BIGQUERY_PROJECT и ключ сервисного аккаунта BIGQUERY_CREDENTIALS в .env.",
        "en": "Needs BIGQUERY_PROJECT and the key of a service account, BIGQUERY_CREDENTIALS, in "
        ".env.",
    },
    "bigquery": {
        "ru": "Проект {project} отвечает, наших наборов данных {datasets}.",
        "en": "The project {project} answers, {datasets} datasets of ours.",
    },
    "no_telegram": {
        "ru": "Чтобы получать неделю в чат: TELEGRAM_BOT_TOKEN и TELEGRAM_CHAT_<БИЗНЕС> в .env.",
        "en": "To be told the week in a chat: TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_<BUSINESS> in "
        ".env.",
    },
    "telegram": {"ru": "Бот отвечает: @{bot}.", "en": "The bot answers: @{bot}."},
    "telegram_refused": {
        "ru": "Бот не отвечает ({told}): проверьте сеть и TELEGRAM_BOT_TOKEN от @BotFather.",
        "en": "The bot does not answer ({told}): check the network, and the TELEGRAM_BOT_TOKEN "
        "given by @BotFather.",
    },
    "telegram_chat": {
        "ru": "{business}: бот видит чат.",
        "en": "{business}: the bot sees the chat.",
    },
    "telegram_no_chat": {
        "ru": "{business}: бот не видит чат ({told}). Добавьте бота в чат и проверьте "
        "TELEGRAM_CHAT_{business}.",
        "en": "{business}: the bot does not see the chat ({told}). Add the bot to it, and check "
        "TELEGRAM_CHAT_{business}.",
    },
}
