"""What is talked about with the trainer."""

from orchestration.demo.dialogues import Scenario

TRAINER_SCENARIOS = (
    Scenario(
        name="trial",
        intent="book_trial",
        weight=36,
        books=True,
        openings=(
            "хочу на пробную тренировку",
            "можно прийти попробовать {day}?",
            "Как записаться на {on_service}?",
            "ищу тренера, есть места {day} вечером?",
        ),
        questions=(
            "Есть место {day} в {time}. Записать?",
            "Тренировались раньше или начинаем с нуля?",
            "Удобнее утром или вечером?",
        ),
        details=(
            "С нуля, {day} в {time} могу",
            "Вечером, {day}. Меня зовут {name}",
            "Занимался два года назад, давайте {day}",
            "Давайте {day}, мой телефон {phone}",
        ),
        answers=(
            "Жду вас {day} в {time}. С собой форма и вода.",
            "Записал на {on_service}: {day}, {time}.",
        ),
        operator_answers=(
            "Привет, {name}! {day} в {time} — твоё.",
            "Возьму тебя {day}, место как раз освободилось.",
        ),
    ),
    Scenario(
        name="price",
        intent="ask_price",
        weight=22,
        books=True,
        openings=(
            "сколько стоит {service}?",
            "а цены какие на {on_service}?",
            "Почём абонемент?",
        ),
        questions=(
            "{price} ₽. Хотите начать с пробной?",
            "От {price} ₽, зависит от числа занятий. Сколько раз в неделю хотите?",
        ),
        details=("Два раза в неделю", "Начну с пробной {day}"),
        answers=(
            "Стоит {price} ₽, пробная идёт в зачёт.",
            "Забронировал {day} в {time}, цена {price} ₽.",
        ),
        operator_answers=("Для двоих сделаю {price} ₽.", "Можно в рассрочку на два платежа."),
    ),
    Scenario(
        name="schedule",
        intent="ask_schedule",
        weight=14,
        openings=(
            "во сколько завтра начинаем?",
            "какое расписание на неделю?",
            "тренировки в воскресенье бывают?",
        ),
        questions=("Вам в зал или онлайн?",),
        details=("В зал", "Онлайн"),
        answers=(
            "Занимаемся с 8:00 до 21:00 каждый день, расписание закрепил в канале.",
            "{day} начинаем в {time}, ссылка придёт за час.",
        ),
        operator_answers=("Завтра в {time}, не опаздывай.",),
    ),
    Scenario(
        name="programme",
        intent="ask_programme",
        weight=16,
        books=True,
        openings=(
            "есть онлайн-программа для дома?",
            "хочу похудеть к отпуску, что посоветуете?",
            "составляете план питания?",
        ),
        questions=("Какой инвентарь есть дома?", "Сколько времени в день готовы заниматься?"),
        details=("Гантели и коврик", "Полчаса в день"),
        answers=(
            "Программа на 8 недель с видео, доступ сразу после оплаты {price} ₽.",
            "План питания входит в программу и приходит по понедельникам.",
        ),
        operator_answers=("{name}, напишу план под тебя до {day}.",),
    ),
    Scenario(
        name="reschedule",
        intent="move_training",
        weight=12,
        openings=("не успеваю сегодня, перенесём?", "Можно перенести тренировку? Смогу {day}"),
        questions=("Когда вам удобно?", "{day} в {time} свободно. Переносим?"),
        details=("{day} с утра", "{time}"),
        answers=("Перенёс: {day}, {time}.", "Тренировка отменена, занятие не сгорит."),
        operator_answers=("Перенёс, жду {day}.",),
    ),
    Scenario(
        name="injury",
        intent="report_injury",
        weight=0,
        usage="planned",
        openings=("потянул спину после становой, что делать?", "Болит колено, можно заниматься?"),
        questions=("Боль острая?",),
        details=("Ноет второй день", "Только при приседе"),
        answers=("При боли тренировки ставим на паузу.",),
        operator_answers=("{name}, неделю без весов, потом покажись мне и врачу.",),
    ),
)
