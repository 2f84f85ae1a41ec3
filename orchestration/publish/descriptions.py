"""What the marts and their columns mean, in the words of the models' own YAML."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from orchestration.config import PROJECT_DIR

_MARTS = PROJECT_DIR / "models" / "marts"


@dataclass(frozen=True)
class Description:
    """What a mart is, and each of its columns."""

    text: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@cache
def read_descriptions(folder: Path = _MARTS) -> dict[str, Description]:
    """Return the description of every mart by its name."""
    found = {}
    for path in sorted(folder.glob("**/_models.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for model in content.get("models") or ():
            found[model["name"]] = Description(
                str(model.get("description") or "").strip(),
                {
                    column["name"]: str(column.get("description") or "").strip()
                    for column in model.get("columns") or ()
                },
            )
    return found


def describe_mart(name: str) -> Description:
    """Return the description of a mart, an empty one where nobody has written any."""
    return read_descriptions().get(name, Description())
