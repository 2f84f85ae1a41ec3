"""The dictionary of KPIs says what the registry says."""

from pathlib import Path

import pytest

from orchestration.config import PROJECT_DIR
from orchestration.dictionary import PAGES, page
from orchestration.scorecard import Locale

HEADER = (
    "kpi,position,kind,numerator,denominator,deviation,quantile,scale,lowest,highest,unit,direction,"
    "minimum_observations,name_ru,name_en,definition_ru,definition_en,needs,is_headline\n"
)


def seeds(folder: Path, *kpis: str) -> Path:
    """A folder of seeds with these rows of the registry."""
    (folder / "kpis.csv").write_text(HEADER + "".join(f"{kpi}\n" for kpi in kpis), encoding="utf-8")
    (folder / "measures.csv").write_text(
        "measure,name_ru,name_en\nyes,да,yeses\nno,нет,noes\nall,все,all of them\n",
        encoding="utf-8",
    )
    (folder / "default_targets.csv").write_text(
        "kpi,target\nshare,0.125\nscore,4.2\n", encoding="utf-8"
    )
    return folder


def line(text: str, label: str) -> str:
    [found] = [row for row in text.splitlines() if row.startswith(f"| {label} |")]
    return found.removeprefix(f"| {label} | ").removesuffix(" |")


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_pages_are_what_the_registry_gives(locale: Locale) -> None:
    written = (PROJECT_DIR / PAGES[locale]).read_text(encoding="utf-8")
    assert written == page(PROJECT_DIR / "seeds", locale), "run `make dictionary`"


@pytest.mark.parametrize(
    ("kpi", "formula"),
    [
        ("n,1,count,yes,,,,1,,,count,neutral,0,,,,,none,false", "yeses"),
        ("r,1,rate,yes,all,,,1,,,rate,higher,5,,,,,none,false", "yeses / all of them"),
        ("m,1,mean,yes,all,no,,100,,,count,lower,5,,,,,none,false", "100 × yeses / all of them"),
        (
            "p,1,nps,yes,all,no,,100,,,points,higher,5,,,,,none,false",
            "100 × (yeses − noes) / all of them",
        ),
        (
            "w,1,weighted_rate,yes,all,no,,1,,,rate,higher,5,,,,,none,false",
            "yeses / all of them; each message weighs as many as it was drawn for",
        ),
        (
            "q,1,quantile,yes,all,,0.9,1,,,seconds,lower,5,,,,,none,false",
            "the time within which 90 % are answered of: all of them",
        ),
    ],
)
def test_a_formula_is_told_in_words(tmp_path: Path, kpi: str, formula: str) -> None:
    assert line(page(seeds(tmp_path, kpi), "en"), "formula") == formula


def test_a_kpi_has_its_name_its_target_and_what_it_waits_for(tmp_path: Path) -> None:
    share = "share,2,rate,yes,all,,,1,,,rate,lower,5,Доля,Share,Что это.,What it is.,settled,true"
    score = "score,1,mean,yes,all,no,,1,1,5,score,higher,15,Балл,Score,Балл это.,It is.,none,false"
    text = page(seeds(tmp_path, share, score), "ru")

    first, second = text.split("## ")[1:]
    assert first.startswith("Балл\n\n`score` · Балл это.\n")
    assert line(first, "цель по умолчанию") == "≥ 4,2"
    assert line(first, "наименьшее число наблюдений") == "15"
    assert second.startswith("Доля ★\n\n`share` · Что это.\n")
    assert line(second, "цель по умолчанию") == "≤ 12,5 %"
    assert line(second, "окончательно") == "когда после последнего сообщения прошло 72 часа"


def test_a_measure_without_words_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="unheard_of"):
        page(seeds(tmp_path, "r,1,rate,unheard_of,all,,,1,,,rate,higher,5,,,,,none,false"), "en")
