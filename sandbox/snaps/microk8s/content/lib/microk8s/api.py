"""A small client of the Kubernetes API. It is faster than kubectl, because it starts no process."""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from microk8s.errors import CommandError
from microk8s.paths import API_PORT, CERTIFICATES

JSON = "application/json"
APPLY = "application/apply-patch+yaml"
FIELD_MANAGER = "microk8s"
SECONDS_TO_ANSWER = 10


@dataclass(frozen=True)
class Caller:
    """The address of an API server and the credentials for it. The default is the local administrator."""

    address: str = "127.0.0.1"
    # Name of the client certificate in `certs`. None when a token is used.
    certificate: str | None = "client"
    token: str | None = None
    # The cluster's certificate authority in PEM. The default is the one in `certs`.
    authority: str | None = None

    def connect(self) -> http.client.HTTPSConnection:
        trusted = self.authority or (CERTIFICATES / "ca.crt").read_text()
        context = ssl.create_default_context(cadata=trusted)
        if self.certificate is not None:
            context.load_cert_chain(CERTIFICATES / f"{self.certificate}.crt", CERTIFICATES / f"{self.certificate}.key")
        return http.client.HTTPSConnection(self.address, API_PORT, timeout=SECONDS_TO_ANSWER, context=context)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}


ADMINISTRATOR = Caller()


def request(
    method: str, path: str, body: object = None, content_type: str = JSON, caller: Caller = ADMINISTRATOR
) -> tuple[int, str]:
    """Sends a request. Returns the status and the text of the response; raises OSError without a response."""
    connection = caller.connect()
    headers = {"Content-Type": content_type, "Accept": JSON, **caller.headers}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def get(path: str, caller: Caller = ADMINISTRATOR) -> dict | None:
    """The object at a path; None when it does not exist."""
    status, text = request("GET", path, caller=caller)
    if status == 404:
        return None
    if status != 200:
        raise CommandError(f"the API server answered {status} to GET {path}: {text}")
    return json.loads(text)


def change(
    method: str, path: str, body: object = None, content_type: str = JSON, caller: Caller = ADMINISTRATOR
) -> None:
    """Changes an object. Deleting an object that does not exist succeeds."""
    status, text = request(method, path, body, content_type, caller)
    if status >= 300 and not (method == "DELETE" and status == 404):
        raise CommandError(f"the API server answered {status} to {method} {path}: {text}")


def apply(path: str, body: dict) -> None:
    """Creates or updates an object by server-side apply."""
    change("PATCH", f"{path}?fieldManager={FIELD_MANAGER}&force=true", body, APPLY)


def is_ready() -> bool:
    """Whether the API server answers and reports that it is ready."""
    try:
        return request("GET", "/readyz")[0] == 200
    except (OSError, ssl.SSLError):
        return False


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.3) -> bool:
    """Polls a condition. Returns False when it is not met within `seconds`; with 0, it waits without a limit."""
    end = time.monotonic() + seconds
    while not condition():
        if seconds and time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
