"""Read YAML settings into a pydantic model, and tell faults so that they can be mended."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from orchestration.errors import ActionableError

Model = TypeVar("Model", bound=BaseModel)

_LONGEST_SHOWN = 80


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML as it is, but a key given twice is an error and not the last one's victory."""


def _mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    # A merge (`<<`) is no key of its own, and what it brings may be overridden.
    keys = [
        loader.construct_object(key, deep=True)
        for key, _ in node.value
        if key.tag != "tag:yaml.org,2002:merge"
    ]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is given twice", node.start_mark
            )
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_settings_file(path: Path, model: type[Model]) -> Model:
    """Read `path` as `model`, whose fields' descriptions say what is allowed; absent = empty.

    Raises ActionableError naming the file and every fault: key, what was given, what is allowed.
    """
    settings = _read_yaml(path)
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        # A wrong value may break several rules at once; one sentence for each key is enough.
        faults = {_key(fault): _told(fault, model) for fault in reversed(error.errors())}
    told = "; ".join(reversed(faults.values()))
    raise ActionableError(f"The settings {path} cannot be used: {told}. Correct it.")


def _read_yaml(path: Path) -> object:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ActionableError(
            f"The settings {path} cannot be read ({error.strerror}): give the user who runs the "
            "pipeline the right to read the file."
        ) from error
    try:
        settings = yaml.load(content, _UniqueKeyLoader)  # noqa: S506 — a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 1}" if place else ""
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ActionableError(
            f"The settings {path} are not YAML{line} ({reason}): correct the file."
        ) from error
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        raise ActionableError(
            f"The settings {path} are not a mapping of keys to values, as in `timezone: "
            "Europe/Moscow`: correct the file."
        )
    return settings


def _key(fault: ErrorDetails) -> str:
    return ".".join(str(part) for part in fault["loc"] if isinstance(part, str))


def _told(fault: ErrorDetails, model: type[BaseModel]) -> str:
    key, given = _key(fault), repr(fault["input"])
    if len(given) > _LONGEST_SHOWN:
        given = given[:_LONGEST_SHOWN] + "…"
    if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
        allowed = ", ".join(field.alias or name for name, field in model.model_fields.items())
        return f"the key `{key}` (given {given}) is unknown, allowed keys are {allowed}"
    if fault["type"] == "invalid_key":
        return f"the key {given} is no text"
    if fault["type"] == "missing":
        given = "missing"
    field = model.model_fields[str(fault["loc"][0])]
    reason = fault["msg"].removeprefix("Value error, ")
    return f"`{key}` is {given} ({reason}) but must be {field.description}"
