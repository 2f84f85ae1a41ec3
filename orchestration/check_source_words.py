"""What `make check-source` says, in Russian and in English."""

from collections.abc import Mapping

_Words = Mapping[str, Mapping[str, str]]

WORDS: _Words = {
    "no_file": {
        "ru": "Файла {file!r} нет: укажите путь, как в make check-source FILE=~/result.json.",
        "en": "There is no file {file!r}: give its path as in make check-source FILE=~/a.json.",
    },
    "no_business": {
        "ru": "BUSINESS={business!r} не имя папки бизнеса: в нём 1–40 знаков a-z, 0-9, _ и -.",
        "en": "BUSINESS={business!r} cannot be a business's folder: 1 to 40 of a-z, 0-9, _ and -.",
    },
    "unknown": {
        "ru": "Файл {name} не узнан: ни одна из систем не может прочесть в нём ни одной записи. "
        "Имя должно кончаться на одно из: {endings}. Как выгрузить файл, написано в docs/sources/.",
        "en": "The file {name} is not known: no system can read a single record of it. Its name "
        "has to end in one of: {endings}. How to export a file is told in docs/sources/.",
    },
    "is": {"ru": "Это: {kind} (система {name})", "en": "It is: {kind} (system {name})"},
    "put": {"ru": "Положите в папку: {folder}/", "en": "Put it into: {folder}/"},
    "lies": {"ru": "Лежит на своём месте: {folder}/", "en": "It lies where it should: {folder}/"},
    "rename": {
        "ru": "Имя {name} было бы пропущено: переименуйте, чтобы оно не начиналось с «.» или «_» "
        "и не кончалось на .tmp или .part.",
        "en": "The name {name} would be passed over: rename it not to begin with . or _ and not to "
        "end in .tmp or .part.",
    },
    "period": {
        "ru": "Период: {first} – {last} ({zone})",
        "en": "Period: {first} – {last} ({zone})",
    },
    "speakers": {"ru": "Кто говорит", "en": "Who speaks"},
    "headings": {"ru": "Имя|Роль|Сообщений", "en": "Name|Role|Messages"},
    "declared": {"ru": "так в business.yml", "en": "as business.yml says"},
    "guessed": {"ru": "по файлу", "en": "from the file"},
    "more": {"ru": "… и ещё {count}", "en": "… and {count} more"},
    "correct": {
        "ru": "Если роль неверна, впишите имя целиком, @ник, телефон или id в {settings}:\n"
        "  participants:\n"
        '    bots: ["имя бота"]\n'
        '    operators: ["имя оператора", "+7 916 000-00-00"]',
        "en": "If a role is wrong, write the whole name, @handle, phone or id into {settings}:\n"
        "  participants:\n"
        '    bots: ["name of the bot"]\n'
        '    operators: ["name of an operator", "+7 916 000-00-00"]',
    },
    "no_rejects": {"ru": "Отклонено: ничего", "en": "Rejected: nothing"},
    "rejects": {
        "ru": "Было бы отклонено {rejected} из {read}:",
        "en": "Would be rejected, {rejected} of {read}:",
    },
    "line": {"ru": "строки", "en": "lines"},
    "nothing_loaded": {
        "ru": "Ничего не загружено. Загрузить: положите файл в папку и запустите make run.",
        "en": "Nothing was loaded. To load: put the file into the folder and run make run.",
    },
}

STREAMS: _Words = {
    "messages": {"ru": "Сообщений", "en": "Messages"},
    "session_events": {"ru": "Событий диалогов", "en": "Session events"},
    "ratings": {"ru": "Оценок", "en": "Ratings"},
    "intent_labels": {"ru": "Разметки намерений", "en": "Intent labels"},
    "leads": {"ru": "Заявок", "en": "Leads"},
    "deals": {"ru": "Сделок", "en": "Deals"},
    "stage_history": {"ru": "Переходов по стадиям", "en": "Stage changes"},
    "bookings": {"ru": "Записей на приём", "en": "Bookings"},
    "costs": {"ru": "Расходов", "en": "Costs"},
}

ROLES: _Words = {
    "customer": {"ru": "клиент", "en": "customer"},
    "bot": {"ru": "бот", "en": "bot"},
    "operator": {"ru": "оператор", "en": "operator"},
}

KINDS: _Words = {
    "telegram": {"ru": "выгрузка Telegram Desktop", "en": "an export of Telegram Desktop"},
    "telegram/updates": {
        "ru": "журнал бота Telegram (Bot API)",
        "en": "a log of a Telegram bot (Bot API)",
    },
    "whatsapp": {"ru": "экспорт чата WhatsApp", "en": "an exported WhatsApp chat"},
    "whatsapp/webhooks": {
        "ru": "вебхуки WhatsApp Cloud API",
        "en": "webhooks of the WhatsApp Cloud API",
    },
    "instagram": {"ru": "выгрузка аккаунта Instagram", "en": "an Instagram account's export"},
    "instagram/webhooks": {"ru": "вебхуки Instagram", "en": "webhooks of Instagram"},
    "rasa": {"ru": "события бота Rasa", "en": "events of a Rasa bot"},
    "chatwoot": {"ru": "выгрузка или вебхуки Chatwoot", "en": "Chatwoot's API or webhooks"},
    "amocrm": {"ru": "сделки amoCRM", "en": "leads of amoCRM"},
    "dialogflow": {"ru": "журнал ходов Dialogflow", "en": "Dialogflow's log of turns"},
    "bitrix24": {
        "ru": "выгрузка списка Битрикс24 или ответ его API",
        "en": "an export of Bitrix24's grid or an answer of its API",
    },
    "article/chat_logs": {"ru": "таблица статьи chat_logs", "en": "the article's chat_logs"},
}

REASONS: _Words = {
    "not_json": {"ru": "это не JSON", "en": "this is no JSON"},
    "not_utf8": {
        "ru": "кодировка не UTF-8: сохраните файл заново в UTF-8",
        "en": "the encoding is not UTF-8: save the file again as UTF-8",
    },
    "not_object": {"ru": "это не объект JSON", "en": "this is no JSON object"},
    "broken_file": {
        "ru": "файл обрывается: скачайте его ещё раз",
        "en": "the file breaks off: download it again",
    },
    "empty_file": {"ru": "файл пуст", "en": "the file is empty"},
    "unknown_format": {
        "ru": "это не та выгрузка, которую здесь ждут",
        "en": "this is not the export that belongs here",
    },
    "unknown_type": {"ru": "неизвестный вид записи", "en": "a kind of record that is not known"},
    "unknown_event": {"ru": "неизвестное событие", "en": "an event that is not known"},
    "unknown_update": {"ru": "неизвестное событие", "en": "an update that is not known"},
    "unknown_content": {"ru": "сообщение без содержания", "en": "a message that says nothing"},
    "no_date": {
        "ru": "строка до первого сообщения с датой",
        "en": "a line before the first message with a date",
    },
    "missing_header": {
        "ru": "в выгрузке нет столбца, без которого её не прочесть",
        "en": "the export lacks a column without which it cannot be read",
    },
    "file_too_large": {
        "ru": "таблица слишком велика: выгрузите её в CSV",
        "en": "the workbook is too large: export it as CSV",
    },
    "line_too_long": {"ru": "строка длиннее 4 МиБ", "en": "the line is longer than 4 MiB"},
    "item_too_long": {"ru": "запись длиннее 16 МиБ", "en": "the record is longer than 16 MiB"},
    "vendor_error": {
        "ru": "вместо данных сервис ответил ошибкой: выгрузите ещё раз",
        "en": "the service answered with an error: export again",
    },
    "value_too_long": {"ru": "запись длиннее 4 МиБ", "en": "the record is longer than 4 MiB"},
    "message_too_long": {"ru": "сообщение длиннее 4 МиБ", "en": "longer than 4 MiB"},
    "nested_too_deep": {"ru": "слишком много вложений", "en": "nested too deep"},
    "missing_field": {"ru": "нет поля {field}", "en": "the field {field} is missing"},
    "bad_timestamp": {"ru": "в поле {field} не время", "en": "the field {field} is no time"},
    "bad_value": {
        "ru": "значение поля {field} не подходит",
        "en": "the value of {field} is not allowed",
    },
    "bad_columns": {"ru": "не то число столбцов", "en": "not the header's number of columns"},
    "bad_header": {"ru": "в заголовке столбец назван дважды", "en": "a column is named twice"},
    "bad_quotes": {"ru": "кавычки не закрыты", "en": "quotes are out of order"},
    "not_parquet": {"ru": "это не Parquet", "en": "this is no Parquet"},
}
