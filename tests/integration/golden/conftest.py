"""The warehouses of the golden scenarios: everything at once, and in two deliveries."""

import duckdb
import pytest

from orchestration.scope import Scope
from tests.integration.golden import told
from tests.integration.golden.warehouses import deliver
from tests.integration.models_in_memory import Models, compile_models


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def at_once(models: Models, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The warehouse of everything in one delivery, in the order in which it is told."""
    connection = models.open()
    landing = tmp_path_factory.mktemp("at-once") / "landing"
    assert deliver(models, connection, landing, told.write_whole) is Scope.EVERYTHING
    return connection


@pytest.fixture(scope="session")
def in_parts(models: Models, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The warehouse of the same rows shuffled, cut and repeated, the late ones a refresh later."""
    connection = models.open()
    landing = tmp_path_factory.mktemp("in-parts") / "landing"
    assert deliver(models, connection, landing, told.write_first) is Scope.EVERYTHING
    assert deliver(models, connection, landing, told.write_late) is Scope.TOUCHED
    return connection
