"""A request as a client sends it, and as it sends it again when nobody answered."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from infra.local.wsgi import WsgiApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; repeated, it bears the same key."""

    path: str
    method: str = "POST"
    body: bytes = b"{}"
    content_type: str = "application/json"
    token: str = ""
    key: str = ""


def send(api: WsgiApp, request: Request) -> int:
    """Send it to the API in this process, and return the status of the answer."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": request.path,
        "QUERY_STRING": request.path.partition("?")[2],
        "CONTENT_TYPE": request.content_type,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
    }
    if request.token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {request.token}"
    if request.key:
        environ["HTTP_IDEMPOTENCY_KEY"] = request.key
    setup_testing_defaults(environ)
    answered: list[int] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> Any:  # noqa: ANN401
        del headers, exc_info
        answered.append(int(status.split(" ", maxsplit=1)[0]))
        return None

    b"".join(api(environ, start_response))
    return answered[0]
