"""Questions to the API server as its administrator, without starting a program for each."""

import http.client
import json
import ssl
import time
from collections.abc import Callable

from microk8s.errors import Refused
from microk8s.paths import API_PORT, CERTIFICATES

JSON = "application/json"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
FIELD_MANAGER = "microk8s"


def connection(timeout: float = 10) -> http.client.HTTPSConnection:
    """A connection to this node's API server with the administrator's certificate."""
    context = ssl.create_default_context(cafile=str(CERTIFICATES / "ca.crt"))
    context.load_cert_chain(CERTIFICATES / "client.crt", CERTIFICATES / "client.key")
    return http.client.HTTPSConnection("127.0.0.1", API_PORT, timeout=timeout, context=context)


def request(method: str, path: str, body: object = None, kind: str = JSON) -> tuple[int, str]:
    """One request: its status and text. Raises OSError when the API server does not answer."""
    line = connection()
    try:
        line.request(method, path, None if body is None else json.dumps(body), {"Content-Type": kind, "Accept": JSON})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        line.close()


def get(path: str) -> dict | None:
    """An object, or None when there is no such object."""
    status, text = request("GET", path)
    if status == 404:
        return None
    if status != 200:
        raise Refused(f"the API server answered {status} to GET {path}: {text}")
    return json.loads(text)


def change(method: str, path: str, body: object = None, kind: str = JSON) -> None:
    """Changes an object; deleting one that is not there is done already."""
    status, text = request(method, path, body, kind)
    if status >= 300 and not (method == "DELETE" and status == 404):
        raise Refused(f"the API server answered {status} to {method} {path}: {text}")


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
