"""What `make doctor` says, in Russian and in English."""

from collections.abc import Mapping

from orchestration.config import Locale
from orchestration.doctor.words_places import SAYINGS_OF_PLACES
from orchestration.doctor.words_reached import SAYINGS_OF_REACHED

Words = Mapping[str, Mapping[Locale, str]]

STATES: Words = {
    "good": {"ru": "✓ в порядке", "en": "✓ fine"},
    "warning": {"ru": "! внимание", "en": "! warning"},
    "wrong": {"ru": "✗ исправьте", "en": "✗ wrong"},
    "absent": {"ru": "– не настроено", "en": "– not set up"},
}

AREAS: Words = {
    "tools": {"ru": "Программы", "en": "Programs"},
    "environment": {"ru": "Настройки", "en": "Settings"},
    "schedule": {"ru": "Расписание", "en": "Schedule"},
    "landing": {"ru": "Исходные файлы", "en": "Landing zone"},
    "portals": {"ru": "Битрикс24", "en": "Bitrix24"},
    "warehouse": {"ru": "Хранилище", "en": "Warehouse"},
    "exports": {"ru": "Выгрузки", "en": "Exports"},
    "postgres": {"ru": "PostgreSQL", "en": "PostgreSQL"},
    "google_sheets": {"ru": "Google Таблицы", "en": "Google Sheets"},
    "bigquery": {"ru": "BigQuery", "en": "BigQuery"},
    "telegram": {"ru": "Telegram", "en": "Telegram"},
}

SUMMARY: Words = {
    "good": {"ru": "Всё в порядке.", "en": "Nothing is wrong."},
    "warning": {
        "ru": "Ничего не сломано; предупреждений: {warnings}.",
        "en": "Nothing is broken; warnings: {warnings}.",
    },
    "wrong": {
        "ru": "Исправить: {wrongs}; предупреждений: {warnings}.",
        "en": "To be mended: {wrongs}; warnings: {warnings}.",
    },
}

HEADINGS: Words = {
    "area": {"ru": "Что", "en": "What"},
    "state": {"ru": "Состояние", "en": "State"},
    "says": {"ru": "Подробно", "en": "In detail"},
}

_SAYINGS_HERE: Words = {
    "as_told": {"ru": "{told}", "en": "{told}"},
    "python": {"ru": "Python {version}", "en": "Python {version}"},
    "python_unfit": {
        "ru": "Python {version}, а нужен {wanted}: установите его, удалите .venv и запустите "
        "make run PYTHON=python3.11.",
        "en": "Python {version}, but {wanted} is needed: install it, delete .venv and run "
        "make run PYTHON=python3.11.",
    },
    "packages": {"ru": "{packages}", "en": "{packages}"},
    "packages_unfit": {
        "ru": "Установлено не то, что нужно: {packages}. Удалите .venv и запустите make run.",
        "en": "What is installed is not what is needed: {packages}. Delete .venv and run make run.",
    },
    "env_file": {"ru": "{path}: переменных {variables}", "en": "{path}: {variables} variables"},
    "no_env_file": {
        "ru": "Файла {path} нет: всё по умолчанию. Образец со всеми переменными — .env.example.",
        "en": "There is no {path}: everything is by default. All variables are in .env.example.",
    },
    "unknown_variables": {
        "ru": "В .env есть имена, которых никто не читает: {names}. Проверьте написание.",
        "en": "Nobody reads these names in .env: {names}. Check how they are spelt.",
    },
    "as_of_fixed": {
        "ru": "AS_OF в .env закреплён на {as_of} UTC: новых разговоров отчёты не увидят. Уберите "
        "строку.",
        "en": "AS_OF is fixed to {as_of} UTC in .env: reports will see no newer conversations. "
        "Take the line out.",
    },
    "pseudonym_key": {
        "ru": "PSEUDONYM_KEY задан: по выгрузке не подобрать, чей это номер.",
        "en": "PSEUDONYM_KEY is set: nobody can try out whose number a digest stands for.",
    },
    "no_pseudonym_key": {
        "ru": "PSEUDONYM_KEY не задан. Задайте до того, как выгрузки уйдут с этого компьютера: "
        "строка PSEUDONYM_KEY= и 32 случайных знака в .env.",
        "en": "PSEUDONYM_KEY is not set. Set it before exports leave this machine: a line "
        "PSEUDONYM_KEY= with 32 random characters in .env.",
    },
    "no_pseudonym_key_sent": {
        "ru": "Таблицы уходят наружу, а PSEUDONYM_KEY не задан: телефон за отпечатком можно "
        "подобрать перебором. Впишите в .env строку PSEUDONYM_KEY= и 32 случайных знака.",
        "en": "Tables are sent elsewhere and PSEUDONYM_KEY is not set: the phone behind a digest "
        "can be found out by trying. Add a line PSEUDONYM_KEY= with 32 random characters to .env.",
    },
    "nightly": {
        "ru": "make dev обновляет сам: «{cron}» ({zone}) и при новых файлах, пока открыт. Без него "
        "запускайте make refresh.",
        "en": "make dev refreshes by itself, at {cron!r} ({zone}) and on new files, while it is "
        "open. Without it run make refresh.",
    },
    "bad_cron": {
        "ru": "NIGHTLY_CRON={cron!r} — не расписание: пять полей, например «0 3 * * *».",
        "en": "NIGHTLY_CRON={cron!r} is no schedule: give five fields such as '0 3 * * *'.",
    },
    "bad_time_zone": {
        "ru": "NIGHTLY_TIMEZONE={zone!r} — не часовой пояс: впишите, например, Europe/Moscow.",
        "en": "NIGHTLY_TIMEZONE={zone!r} is no time zone: give one such as Europe/Moscow.",
    },
}

SAYINGS: Words = {**_SAYINGS_HERE, **SAYINGS_OF_PLACES, **SAYINGS_OF_REACHED}
