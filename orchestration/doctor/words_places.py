"""What is said of the landing zone, the warehouse and the exports."""

from collections.abc import Mapping

from orchestration.config import Locale

SAYINGS_OF_PLACES: Mapping[str, Mapping[Locale, str]] = {
    "landing": {"ru": "{path}: бизнесов {businesses}", "en": "{path}: {businesses} businesses"},
    "landing_to_come": {
        "ru": "Папки {path} ещё нет: make run создаст её и положит туда демонстрацию.",
        "en": "There is no {path} yet: make run makes it and puts a demo there.",
    },
    "landing_not_writable": {
        "ru": "В {path} нельзя писать: файлы из Битрикс24 некуда положить. Дайте право на запись.",
        "en": "{path} cannot be written, so Bitrix24 has nowhere to bring files: give the right.",
    },
    "no_businesses": {
        "ru": "В {path} нет ни одной папки бизнеса: создайте, например, {path}/my_salon.",
        "en": "{path} holds no folder of a business: make one such as {path}/my_salon.",
    },
    "business": {
        "ru": "{business} ({name}), business.yml прочитан; файлы: {systems}",
        "en": "{business} ({name}), business.yml is read; files: {systems}",
    },
    "business_by_default": {
        "ru": "{business}, без business.yml: часовой пояс и цели по умолчанию; файлы: {systems}",
        "en": "{business}, without business.yml: time zone and targets by default; "
        "files: {systems}",
    },
    "business_of_portal": {
        "ru": "{business}: файлов ещё нет, их принесёт Битрикс24 при обновлении.",
        "en": "{business}: no files yet, the refresh brings them from Bitrix24.",
    },
    "business_empty": {
        "ru": "{business}: ни одного файла, который кто-то читает. Положите выгрузку в {folder}; "
        "куда именно, скажет make check-source FILE=… BUSINESS={business}.",
        "en": "{business}: not one file that anybody reads. Put an export into {folder}; "
        "make check-source FILE=… BUSINESS={business} says where.",
    },
    "unread_unknown_business": {
        "ru": "Лежит вне папок бизнесов и не читается: {files}. Перенесите в папку бизнеса.",
        "en": "Outside any business's folder and not read: {files}. Move it into one.",
    },
    "unread_unknown_system": {
        "ru": "Не читается, потому что такой системы нет: {files}. Какие папки есть, написано в "
        "docs/sources/README.md.",
        "en": "Not read, as there is no such system: {files}. docs/sources/README.md lists the "
        "folders there are.",
    },
    "unread_unknown_stream": {
        "ru": "Не читается, потому что у системы нет такой папки: {files}. Куда положить, скажет "
        "make check-source FILE=….",
        "en": "Not read, as the system has no such folder: {files}. make check-source FILE=… says "
        "where it belongs.",
    },
    "unread_unknown_extension": {
        "ru": "Не читается из-за окончания имени: {files}. Что это за файл, скажет "
        "make check-source FILE=….",
        "en": "Not read because of how the name ends: {files}. make check-source FILE=… says what "
        "the file is.",
    },
    "free_space": {
        "ru": "Свободно {free} на диске с {folder}",
        "en": "{free} free on the disk of {folder}",
    },
    "little_space": {
        "ru": "На диске с {folder} свободно {free}, а полная пересборка может занять {needed}: "
        "освободите место.",
        "en": "Only {free} free on the disk of {folder}, and building anew may take {needed}: "
        "free some space.",
    },
    "refresh_running": {
        "ru": "Сейчас идёт обновление: посмотрите ещё раз, когда оно кончится.",
        "en": "A refresh is running: look again when it has ended.",
    },
    "no_warehouse": {
        "ru": "Файла {path} ещё нет: его создаст make run.",
        "en": "There is no {path} yet: make run makes it.",
    },
    "never_refreshed": {
        "ru": "В {path} нет следов обновления: запустите make refresh; если это чужой файл, "
        "задайте другой WAREHOUSE_PATH.",
        "en": "{path} shows no trace of a refresh: run make refresh, or, if it is somebody else's "
        "file, set another WAREHOUSE_PATH.",
    },
    "warehouse": {
        "ru": "{path}, {size}; данные на {as_of} UTC",
        "en": "{path}, {size}; as of {as_of} UTC",
    },
    "build_unfinished": {
        "ru": "Последнее обновление начало считать показатели и не закончило: запустите "
        "make refresh; причина в {log}.",
        "en": "The last refresh began to compute and did not end: run make refresh; the reason is "
        "in {log}.",
    },
    "steps_failed": {
        "ru": "В последнем обновлении не удалось: {steps}. Причина в {log}; исправьте её и "
        "запустите make refresh.",
        "en": "Failed in the last refresh: {steps}. The reason is in {log}; mend it and run "
        "make refresh.",
    },
    "warehouse_old": {
        "ru": "Данные старше полутора суток ({days} дн. {hours} ч): запустите make refresh или "
        "оставьте make dev открытым.",
        "en": "The data are more than a day and a half old ({days} d {hours} h): run make refresh, "
        "or keep make dev open.",
    },
    "exports_not_writable": {
        "ru": "В {path} нельзя писать: дайте право на запись или задайте EXPORT_DIR.",
        "en": "{path} cannot be written: give the right, or set EXPORT_DIR.",
    },
    "no_exports": {
        "ru": "В {path} ещё ничего не выгружено: запустите make run.",
        "en": "Nothing was exported to {path} yet: run make run.",
    },
    "exports": {
        "ru": "{path}: бизнесов {businesses}, данные на {as_of} UTC",
        "en": "{path}: {businesses} businesses, as of {as_of} UTC",
    },
    "exports_of": {
        "ru": "{business}: таблиц CSV {csv}, Parquet {parquet}; {pages}",
        "en": "{business}: {csv} tables as CSV, {parquet} as Parquet; {pages}",
    },
    "files_missing": {
        "ru": "{business}: не хватает {files}. Запустите make refresh: недостающее запишется.",
        "en": "{business}: {files} missing. Run make refresh: what is missing is written.",
    },
}
