"""dbt passes over unknown YAML keys where the engine is DuckDB; here they are errors."""

import os
from pathlib import Path

import dbt.jsonschemas.jsonschemas as dbt_schemas
import pytest
from dbt.cli.main import dbtRunner

PROJECT_DIR = Path(__file__).parents[2]


def parse(project_dir: Path, target_dir: Path) -> str | None:
    """Parse with every deprecation an error; return what was wrong, or None."""
    result = dbtRunner().invoke(
        [
            *("--warn-error-options", '{"error": ["Deprecations"]}'),
            *("--show-all-deprecations", "--quiet", "--no-partial-parse"),
            "parse",
            *("--project-dir", str(project_dir), "--target-path", str(target_dir)),
            *("--profiles-dir", str(PROJECT_DIR / "profiles")),
        ]
    )
    return None if result.success else str(result.exception)


@pytest.fixture(autouse=True)
def duckdb_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        dbt_schemas,
        "_JSONSCHEMA_SUPPORTED_ADAPTERS",
        {*dbt_schemas._JSONSCHEMA_SUPPORTED_ADAPTERS, "duckdb"},
    )
    monkeypatch.chdir(PROJECT_DIR)


def test_every_key_in_the_projects_yaml_is_known_to_dbt(tmp_path: Path) -> None:
    assert parse(PROJECT_DIR, tmp_path) is None


def test_a_mistyped_key_is_found(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(
        "name: tiny\nprofile: chatbot_kpi\nmodel-paths: [models]\n", encoding="utf-8"
    )
    (project / "models" / "one.sql").write_text("select 1 as id", encoding="utf-8")
    (project / "models" / "one.yml").write_text(
        "models:\n  - name: one\n    desciption: mistyped\n", encoding="utf-8"
    )
    os.chdir(project)
    fault = parse(project, tmp_path / "target")
    assert fault is not None
    assert "desciption" in fault
