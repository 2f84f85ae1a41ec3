"""A project of BigQuery, asked once."""

import requests
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError

from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.publish.bigquery import BigQueryPlace, open_client
from orchestration.publish.google_key import read_key, secrets_of
from orchestration.publish.secrecy import hidden


def count_datasets(settings: Settings, project: str, seconds: float) -> int:
    """Return how many datasets of the project begin as those made here.

    Raises ActionableError, which shows nothing of the key, where the project does not answer so.
    """
    given = settings.bigquery_credentials
    key = read_key(given, "BIGQUERY_CREDENTIALS") if given else None
    place = BigQueryPlace(project, given, endpoint=settings.bigquery_endpoint)
    with hidden(secrets_of(key) if key else []):
        try:
            # Without a retry of its own the first refusal is the answer.
            found = open_client(place, key).list_datasets(retry=None, timeout=seconds)  # type: ignore[arg-type]
            prefix = settings.bigquery_dataset_prefix
            return sum(dataset.dataset_id.startswith(prefix) for dataset in found)
        except GoogleAuthError as error:
            reason = str(error.args[0] if error.args else type(error).__name__)
        except (GoogleAPICallError, RetryError) as error:
            reason = str(error.message)
        except requests.RequestException as error:
            reason = type(error).__name__
    raise ActionableError(
        f"BigQuery: the project {project} could not be asked for its datasets ({reason}): check "
        "BIGQUERY_PROJECT, the network, and that the service account of BIGQUERY_CREDENTIALS has "
        "the roles BigQuery Data Editor and BigQuery Job User there."
    )
