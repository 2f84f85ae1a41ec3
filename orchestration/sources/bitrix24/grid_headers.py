"""The titles of the grid's columns, in Russian and English, by the field of the REST API.

Which columns an export has and what they are called is the choice of whoever made it, so this is a
table to be added to. Capitals, blanks and ё do not matter.
"""

from collections.abc import Mapping

from orchestration.sources.bitrix24.fields import squashed

_TITLES = {
    "ID": "ID",
    "TITLE": "Название лида, Лид, Название сделки, Сделка, Название, Lead name, Lead, Deal name, "
    "Deal, Name of lead, Title",
    "STATUS_ID": "Статус, Статус лида, Status, Lead status, Стадия лида, Lead stage",
    "STAGE_ID": "Стадия, Стадия сделки, Stage, Deal stage",
    "STATUS_DESCRIPTION": "Дополнительно о статусе, Status information, More about this status",
    "SOURCE_ID": "Источник, Source",
    "SOURCE_DESCRIPTION": "Дополнительно об источнике, Source information, More about this source",
    "OPPORTUNITY": "Сумма, Возможная сумма, Total, Amount, Opportunity, Opportunity amount",
    "CURRENCY_ID": "Валюта, Currency",
    "ASSIGNED_BY": "Ответственный, Responsible, Responsible person",
    "CREATED_BY": "Кем создан, Кем создана, Создал, Created by",
    "MODIFY_BY": "Кем изменен, Кем изменена, Изменил, Modified by",
    "DATE_CREATE": "Дата создания, Создан, Создана, Created, Created on, Date created",
    "DATE_MODIFY": "Дата изменения, Изменен, Изменена, Modified, Modified on, Date modified",
    "CLOSEDATE": "Дата завершения, Дата закрытия, Предполагаемая дата закрытия, Closed on, "
    "End date, Expected close date",
    "CLOSED": "Сделка закрыта, Закрыта, Closed",
    "CATEGORY_ID": "Воронка, Направление, Направление сделки, Pipeline, Deal pipeline",
    "IS_RETURN_CUSTOMER": "Повторный лид, Повторное обращение, Repeat lead, Repeat inquiry",
    "NAME": "Имя, First name, Name",
    "SECOND_NAME": "Отчество, Second name, Middle name",
    "LAST_NAME": "Фамилия, Last name",
    "COMMENTS": "Комментарий, Comment, Comments",
    "CONTACT": "Контакт, Contact",
    "COMPANY_TITLE": "Компания, Название компании, Company, Company name",
    "UTM_SOURCE": "UTM Source, utm_source",
    "UTM_MEDIUM": "UTM Medium, utm_medium",
    "UTM_CAMPAIGN": "UTM Campaign, utm_campaign",
    "UTM_CONTENT": "UTM Content, utm_content",
    "UTM_TERM": "UTM Term, utm_term",
    "PRODUCT": "Товар, Товары, Product, Products",
    "LEAD_ID": "ID лида, Lead ID",
}
_PHONE_WORDS = ("телефон", "phone", "мобильный", "mobile")
_EMAIL_WORDS = ("e-mail", "email", "почта")
# Titles that only one of the two grids has; "Стадия" may stand in either.
DEAL_TITLES = frozenset(
    map(
        squashed,
        (
            "Название сделки",
            "Сделка",
            "Стадия сделки",
            "Deal name",
            "Deal",
            "Deal stage",
            "Воронка",
            "Направление сделки",
            "Pipeline",
            "Deal pipeline",
            "Сделка закрыта",
        ),
    )
)
CURRENCIES: Mapping[str, str] = {
    squashed(name): code
    for code, names in {
        "RUB": "Российский рубль, Рубль, руб., Russian ruble, RUR, ₽",
        "USD": "Доллар США, US Dollar, $",
        "EUR": "Евро, Euro, €",
        "BYN": "Белорусский рубль, Belarusian ruble",
        "KZT": "Тенге, Казахстанский тенге, Kazakhstani tenge",
        "UAH": "Гривна, Украинская гривна, Ukrainian hryvnia",
    }.items()
    for name in names.split(", ")
}

_FIELDS = {
    squashed(title): field for field, titles in _TITLES.items() for title in titles.split(", ")
}


def field_of(title: str) -> str | None:
    """The field that a column shows; None = a title that is not known."""
    name = squashed(title)
    if name in _FIELDS:
        return _FIELDS[name]
    if any(word in name for word in _EMAIL_WORDS):
        return "EMAIL"
    if any(word in name for word in _PHONE_WORDS):
        return "PHONE"
    return None
