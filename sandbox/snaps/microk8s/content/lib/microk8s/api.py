"""Questions to an API server, by its administrator unless told otherwise, without starting a program for each."""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass

from microk8s.errors import Refused
from microk8s.paths import API_PORT, CERTIFICATES

JSON = "application/json"
APPLY = "application/apply-patch+yaml"
FIELD_MANAGER = "microk8s"
SECONDS_TO_ANSWER = 10


@dataclass(frozen=True)
class Caller:
    """Who asks which API server."""

    address: str = "127.0.0.1"
    # Name of the certificate in `certs`; none for who comes with a token.
    certificate: str | None = "client"
    token: str | None = None
    # The authority of the cluster, where it is not yet the one in `certs`.
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
    method: str, path: str, body: object = None, kind: str = JSON, caller: Caller = ADMINISTRATOR
) -> tuple[int, str]:
    """One request: its status and text. Raises OSError when the API server does not answer."""
    line = caller.connect()
    headers = {"Content-Type": kind, "Accept": JSON, **caller.headers}
    try:
        line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        line.close()


def get(path: str, caller: Caller = ADMINISTRATOR) -> dict | None:
    """An object, or None when there is no such object."""
    status, text = request("GET", path, caller=caller)
    if status == 404:
        return None
    if status != 200:
        raise Refused(f"the API server answered {status} to GET {path}: {text}")
    return json.loads(text)


def change(method: str, path: str, body: object = None, kind: str = JSON, caller: Caller = ADMINISTRATOR) -> None:
    """Changes an object; deleting one that is not there is done already."""
    status, text = request(method, path, body, kind, caller)
    if status >= 300 and not (method == "DELETE" and status == 404):
        raise Refused(f"the API server answered {status} to {method} {path}: {text}")


def apply(path: str, body: dict) -> None:
    """Makes an object be as told, whether it is there already or not."""
    change("PATCH", f"{path}?fieldManager={FIELD_MANAGER}&force=true", body, APPLY)


def is_ready() -> bool:
    """Whether the API server answers and says that it is ready."""
    try:
        return request("GET", "/readyz")[0] == 200
    except (OSError, ssl.SSLError):
        return False


def wait_until(holds: Callable[[], bool], seconds: float, pause: float = 0.3) -> bool:
    """Asks again and again until something holds; False when it does not in time. 0 seconds wait for ever."""
    end = time.monotonic() + seconds
    while not holds():
        if seconds and time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
