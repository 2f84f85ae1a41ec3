"""What is talked about in the clinic; only letters of cp1251, in which it exports its chats."""

from orchestration.demo.dialogues import Scenario

CLINIC_SCENARIOS = (
    Scenario(
        name="appointment",
        intent="book_appointment",
        weight=36,
        books=True,
        openings=(
            "нужно записаться на {on_service}",
            "есть ли запись к врачу {day}? Интересует {service}",
            "Запишите ребёнка на {on_service}, пожалуйста",
            "когда можно попасть на {on_service}?",
            "хочу на {on_service} к {master}",
        ),
        questions=(
            "Есть талон {day} в {time}. Записать вас?",
            "Ближайшее время — {day}, {time}. Вам подходит?",
            "Вы уже были у нас раньше?",
        ),
        details=(
            "{day} в {time} подходит",
            "Да, записывайте: {name}",
            "Впервые. Давайте {day}",
            "{full_name}, телефон {phone}",
        ),
        answers=(
            "Вы записаны на {on_service}: {day}, {time}. Возьмите паспорт и полис.",
            "Талон за вами: {day} в {time}, кабинет подскажет регистратура.",
        ),
        operator_answers=(
            "Врач принимает {day}, поставила вас на {time}.",
            "{name}, есть отмена {day} в {time}, записала.",
        ),
    ),
    Scenario(
        name="test_results",
        intent="ask_results",
        weight=18,
        openings=(
            "готовы ли мои анализы?",
            "Сдавала кровь {day}, когда будет результат?",
            "Как получить результаты анализов на почту?",
        ),
        questions=(
            "В какой день вы сдавали анализ?",
            "Прислать результат на почту, указанную в карте?",
        ),
        details=("Сдавала {day} утром", "Да, на почту {email}"),
        answers=(
            "Результаты готовы, отправили их на почту из вашей карты.",
            "Анализ ещё в работе, пришлём результат {day} до {time}.",
        ),
        operator_answers=(
            "Проверила: результат придёт {day}.",
            "Отправила вам результаты повторно.",
        ),
    ),
    Scenario(
        name="price",
        intent="ask_price",
        weight=16,
        books=True,
        openings=(
            "сколько стоит {service}?",
            "цена на {on_service} без полиса какая?",
            "Подскажите стоимость: {service}",
        ),
        questions=(
            "{price} руб. по прейскуранту. Записать вас?",
            "Первичный приём — {price} руб. Вам на какой день?",
        ),
        details=("Давайте {day}", "{day} после {time}, если есть"),
        answers=(
            "Стоимость — {price} руб., по полису ДМС бесплатно.",
            "Вы записаны {day} в {time}, оплата {price} руб. на месте.",
        ),
        operator_answers=("По вашему полису бесплатно.", "С учётом скидки {price} руб."),
    ),
    Scenario(
        name="preparation",
        intent="ask_preparation",
        weight=10,
        openings=(
            "как подготовиться к УЗИ?",
            "можно ли есть перед анализом крови?",
            "за сколько часов до анализа нельзя завтракать?",
        ),
        questions=("На какое исследование вы записаны?",),
        details=("На УЗИ брюшной полости", "Общий анализ крови"),
        answers=(
            "Приходите натощак, за 8 часов можно только воду.",
            "За три дня уберите из меню бобовые и газировку.",
        ),
        operator_answers=("Врач просит не есть 8 часов.",),
    ),
    Scenario(
        name="reschedule",
        intent="move_appointment",
        weight=12,
        openings=(
            "заболел, перенесите приём на другой день",
            "не смогу прийти {day}, отмените запись",
        ),
        questions=("На какой день перенести приём?", "Свободно {day} в {time}. Переносим?"),
        details=("Лучше {day}", "{time}, если есть"),
        answers=("Перенесли приём: теперь {day}, {time}.", "Запись отменена. Выздоравливайте!"),
        operator_answers=("Перенесла, ждём вас {day}.",),
    ),
    Scenario(
        name="doctor_hours",
        intent="ask_hours",
        weight=8,
        openings=(
            "по каким дням принимает кардиолог?",
            "До скольки работает лаборатория?",
            "вы работаете в субботу?",
        ),
        questions=("Вас интересует конкретный врач?",),
        details=("Да, к {master}", "Любой"),
        answers=(
            "Клиника открыта по будням с 8:00 до 20:00, в субботу до 18:00.",
            "Лаборатория берёт кровь с 8:00 до 11:00.",
        ),
        operator_answers=("Врач в отпуске, вернётся {day}.",),
    ),
    Scenario(
        name="payment_dispute",
        intent="dispute_payment",
        weight=0,
        usage="planned",
        openings=(
            "с меня списали оплату дважды, верните деньги",
            "В договоре другая сумма, почему взяли {price}?",
        ),
        questions=("Пришлите, пожалуйста, номер договора?",),
        details=("Договор на имя {name}", "Не помню номер, {name}"),
        answers=("Вопросы оплаты решает бухгалтерия клиники.",),
        operator_answers=(
            "{name}, проверили: лишние {price} руб. вернём на карту за три дня.",
            "Платёж один, второй был отменён банком.",
        ),
    ),
)
