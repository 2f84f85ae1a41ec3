"""The statistics as functions of DuckDB, for dbt and for whoever runs the models without it."""

import atexit
from collections.abc import Callable
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from duckdb.func import FunctionNullHandling

from orchestration.statistics.bayes import probability_b_higher
from orchestration.statistics.exact import exact_p_value
from orchestration.statistics.planning import people_needed
from orchestration.statistics.sample_ratio import sample_ratio_p_value

_COUNTS_OF_TWO_ARMS = ["BIGINT", "BIGINT", "BIGINT", "BIGINT"]
_FUNCTIONS: dict[str, tuple[Callable[..., Any], list[Any], str]] = {
    "exact_p_value": (exact_p_value, _COUNTS_OF_TWO_ARMS, "DOUBLE"),
    "probability_b_higher": (probability_b_higher, _COUNTS_OF_TWO_ARMS, "DOUBLE"),
    "sample_ratio_p_value": (sample_ratio_p_value, ["BIGINT[]"], "DOUBLE"),
    "people_needed": (people_needed, ["DOUBLE", "DOUBLE", "DOUBLE"], "BIGINT"),
}


def register_functions(connection: DuckDBPyConnection) -> None:
    """Make the statistics known to all connections and cursors of the connection's database."""
    for name, (function, parameters, result) in _FUNCTIONS.items():
        connection.create_function(
            name, function, parameters, result, null_handling=FunctionNullHandling.SPECIAL
        )


class Plugin(BasePlugin):
    """What profiles.yml names for dbt-duckdb to call when it opens the warehouse."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions; cursors of the connection know them too."""
        register_functions(conn)
        # dbt leaves the warehouse open at its end, and DuckDB then complains of the functions.
        atexit.register(conn.close)
