"""Talking to an MLflow server: experiments by its REST API, spans by OTLP.

The requests library does it, which OpenTelemetry's own OTLP/HTTP exporter brings and MLflow's
client uses: proxies, certificates and `.netrc` then work as people know them. That exporter itself
is not used, because it sends along the headers and certificates of OTEL_EXPORTER_OTLP_*, which are
meant for another server, and does not say what a server answered.
"""

import re
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from .environment import Destination, access

_API = "/api/2.0/mlflow"
_TRACES = "/v1/traces"
_DEFAULT_EXPERIMENT = "0"
_CONNECT = 5
_ANSWER = 10
_TAKE = 30  # a server that has just started takes its first spans slowly
_MOST_ERROR_TEXT = 300

# A server that answers so is busy. One that cannot be reached at all is not asked again: the
# next batch tries anew, and the program's end need not wait.
_BUSY = (429, 502, 503, 504)
_RETRY = Retry(
    total=3,
    connect=0,
    read=0,
    other=0,
    status_forcelist=_BUSY,
    backoff_factor=0.5,
    allowed_methods=None,
    raise_on_status=False,
    respect_retry_after_header=False,  # it may ask for hours
)


class _Authorization(AuthBase):
    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class DeliveryError(Exception):
    """Spans do not get to MLflow; the text says why and what to do.

    Attributes:
        status: What the server answered, if it did.
    """

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Server:
    """One MLflow server.

    Args:
        uri: Its tracking URI.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri.rstrip("/")
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(max_retries=_RETRY))
        self._session.mount("https://", HTTPAdapter(max_retries=_RETRY))
        self._experiments: dict[Destination, str] = {}
        self._runs: dict[str, bool] = {}

    def experiment_id(self, destination: Destination) -> str:
        """Return the id of the experiment of *destination*; one that is not there is created."""
        if destination.experiment or destination.experiment_id:
            destination = destination._replace(run_id=None)
        known = self._experiments.get(destination)
        if known is None:
            known = self._experiments[destination] = self._look_up(destination)
        return known

    def has_run(self, run_id: str) -> bool:
        """Return whether there is such a run."""
        if run_id not in self._runs:
            response = self._ask("GET", f"{_API}/runs/get", params={"run_id": run_id})
            known = _error_code(response) != "RESOURCE_DOES_NOT_EXIST"
            if known:
                self._expect_success(response)
            self._runs[run_id] = known
        return self._runs[run_id]

    def send_spans(self, body: bytes, experiment_id: str, run_id: str | None) -> None:
        """Send an OTLP request, in protobuf, to an experiment."""
        headers = {
            "Content-Type": "application/x-protobuf",
            "x-mlflow-experiment-id": experiment_id,
        }
        if run_id:
            headers["x-mlflow-run-id"] = run_id
        response = self._ask("POST", _TRACES, data=body, headers=headers)
        if response.status_code in {404, 405} and _error_code(response) is None:
            raise DeliveryError(
                f"{self._shown} takes no traces by OTLP (no {_TRACES}). It may be an MLflow that "
                "is too old, or not MLflow",
                response.status_code,
            )
        self._expect_success(response)

    def _look_up(self, destination: Destination) -> str:
        if destination.experiment is not None:
            return self._find_or_create(destination.experiment)
        if destination.experiment_id is None and destination.run_id is not None:
            run = self._get("runs/get", run_id=destination.run_id)["run"]
            return str(run["info"]["experiment_id"])
        experiment_id = destination.experiment_id or _DEFAULT_EXPERIMENT
        # Asked for even though the id is known: here a wrong address, password or id can be told.
        found = self._get("experiments/get", experiment_id=experiment_id)["experiment"]
        return self._active(found)

    def _find_or_create(self, name: str) -> str:
        found = self._find(name)
        if found is not None:
            return found
        response = self._ask("POST", f"{_API}/experiments/create", json={"name": name})
        if _error_code(response) == "RESOURCE_ALREADY_EXISTS":
            # Another process was faster.
            found = self._find(name)
            if found is not None:
                return found
        return str(self._read(response)["experiment_id"])

    def _find(self, name: str) -> str | None:
        path = f"{_API}/experiments/get-by-name"
        response = self._ask("GET", path, params={"experiment_name": name})
        if _error_code(response) == "RESOURCE_DOES_NOT_EXIST":
            return None
        return self._active(self._read(response)["experiment"])

    def _active(self, experiment: Mapping[str, Any]) -> str:
        if experiment.get("lifecycle_stage") == "deleted":
            raise DeliveryError(
                f"{self._shown} has deleted the experiment {experiment['name']!r}. Restore it "
                "there, or name another one"
            )
        return str(experiment["experiment_id"])

    def _get(self, path: str, **parameters: str) -> Any:
        return self._read(self._ask("GET", f"{_API}/{path}", params=parameters))

    def _ask(self, method: str, path: str, **content: Any) -> requests.Response:
        # Asked for anew, as by MLflow: a program that goes on for days changes its token.
        how = access()
        authorization = how.authorization
        content["headers"] = {**how.headers, **content.get("headers", {})}
        try:
            response = self._session.request(
                method,
                self._uri + path,
                timeout=(_CONNECT, _TAKE if path == _TRACES else _ANSWER),
                # As `auth`, since a header would give way to what `.netrc` says.
                auth=None if authorization is None else _Authorization(authorization),
                cert=how.certificate,
                # Given here, because a session's own gives way to REQUESTS_CA_BUNDLE.
                verify=how.verify,
                # Followed, a POST would become a GET.
                allow_redirects=False,
                **content,
            )
        except requests.RequestException as error:
            raise DeliveryError(
                f"{self._shown} does not answer ({self._reason(error)}). Start it, or set "
                "MLFLOW_TRACKING_URI to where it is"
            ) from error
        if response.is_redirect:
            elsewhere = response.headers["location"].partition("?")[0]
            raise DeliveryError(
                f"{self._shown} sends to {elsewhere} instead of answering. Is that its address, or "
                "does it want a login? Set MLFLOW_TRACKING_URI and the credentials"
            )
        return response

    def _read(self, response: requests.Response) -> Any:
        self._expect_success(response)
        try:
            return response.json()
        except requests.JSONDecodeError as error:
            raise DeliveryError(
                f"{self._shown} answers, but not as MLflow does. Is MLFLOW_TRACKING_URI right?"
            ) from error

    def _expect_success(self, response: requests.Response) -> None:
        if response.ok:
            return
        text = f"{self._shown} refuses them with {response.status_code}: {_error_text(response)}"
        if response.status_code in {401, 403}:
            text += (
                ". Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
                "MLFLOW_TRACKING_TOKEN"
            )
        raise DeliveryError(text, response.status_code)

    def _reason(self, error: BaseException) -> str:
        # An address that cannot be used is quoted as a whole.
        return _innermost(error).replace(self._uri, self._address)

    @property
    def _shown(self) -> str:
        return f"MLflow at {self._address}"

    @property
    def _address(self) -> str:
        """The URI without what it may hold of a password; it need not be one that can be read."""
        scheme, _, rest = self._uri.partition("://")
        place = re.split(r"[?#]", rest)[0]
        host, slash, path = place.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _innermost(error: BaseException) -> str:
    """Return the error that requests and urllib3 have wrapped."""
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}: {error}"


def _error_body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _error_code(response: requests.Response) -> str | None:
    return None if response.ok else _error_body(response).get("error_code")


def _error_text(response: requests.Response) -> str:
    body = _error_body(response)
    text = str(body.get("message") or body.get("detail") or response.text or response.reason)
    return text.strip()[:_MOST_ERROR_TEXT]
