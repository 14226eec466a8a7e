"""Asks the API a question without a socket: for what the stack itself must know or make."""

import json
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from infra.local.wsgi import WsgiApp


def ask(
    api: WsgiApp, method: str, path: str, *, token: str, body: object | None = None
) -> tuple[int, Any]:
    """Return status and JSON of an answer."""
    raw = b"" if body is None else json.dumps(body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": path,
        "QUERY_STRING": path.partition("?")[2],
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.input": BytesIO(raw),
    }
    setup_testing_defaults(environ)
    answered: list[int] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> Any:  # noqa: ANN401
        del headers, exc_info
        answered.append(int(status.split(" ", maxsplit=1)[0]))
        return None

    text = b"".join(api(environ, start_response))
    return answered[0], json.loads(text) if text else None
