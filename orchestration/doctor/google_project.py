"""A project of BigQuery, asked once."""

from typing import Any

import requests
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery
from google.oauth2 import service_account

from orchestration.config import Settings
from orchestration.errors import ActionableError
from orchestration.publish.google_key import read_key, secrets_of
from orchestration.publish.secrecy import hidden

_SCOPES = ["https://www.googleapis.com/auth/bigquery"]


def count_datasets(settings: Settings, project: str, seconds: float) -> int:
    """Return how many datasets of the project begin as those made here.

    Raises ActionableError, which shows nothing of the key, where the project does not answer so.
    """
    given = settings.bigquery_credentials
    key = read_key(given, "BIGQUERY_CREDENTIALS") if given else None
    endpoint = settings.bigquery_endpoint
    options = ClientOptions(api_endpoint=endpoint) if endpoint else None
    with hidden(secrets_of(key) if key else []):
        try:
            client = bigquery.Client(project, _credentials(key), client_options=options)
            # Without a retry of its own the first refusal is the answer.
            found = client.list_datasets(retry=None, timeout=seconds)  # type: ignore[arg-type]
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
        "the roles BigQuery Data Owner and BigQuery Job User there."
    )


def _credentials(key: dict[str, Any] | None) -> Credentials:
    if key is None:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]
    try:
        credentials: Credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            key, scopes=_SCOPES
        )
    except ValueError:
        raise ActionableError(
            "BIGQUERY_CREDENTIALS holds a private key that cannot be read: download a new key of "
            "the service account from the Google Cloud console."
        ) from None
    return credentials
