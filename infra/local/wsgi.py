"""API Gateway's part: an HTTP request becomes a proxy event, the function's answer a response.

What the gateway answers by itself (no such path or method, preflight) is answered here, as the
stage's gateway responses do, in the shape of every other problem.
"""

import base64
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote

from chalicelib.entry.browsers import CORS
from chalicelib.entry.problems import problem
from infra.local.lambda_events import API_TIMEOUT_S, Context
from infra.local.routes import Match, match
from infra.local.settings import ACCOUNT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from chalice.app import Chalice, Response

MOST_BYTES: Final = 10 * 1024 * 1024
"""API Gateway's limit; larger bodies never reach a function."""

Headers = list[tuple[str, str]]

log = logging.getLogger("sekvens.local")


class Gateway:
    """A WSGI application over Chalice's registrations."""

    def __init__(self, app: "Chalice") -> None:
        """Serve `app`."""
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        request_id = str(uuid.uuid4())
        status, headers, body = self._answer(environ, request_id)
        start_response(f"{status} {_phrase(status)}", [*headers, ("x-amzn-RequestId", request_id)])
        return [body]

    def _answer(self, environ: "WSGIEnvironment", request_id: str) -> tuple[int, Headers, bytes]:
        path, method = raw_path(environ), environ["REQUEST_METHOD"]
        found = match(self._app.routes, path)
        if found is None:
            return _problem(
                404, "no_such_path", f"There is nothing at {unquote(path)}.", request_id
            )
        allowed = [*found.methods, *(["OPTIONS"] if _cors(found) else [])]
        if method == "OPTIONS" and "OPTIONS" not in found.methods and _cors(found):
            return 204, preflight(found), b""
        if method not in found.methods:
            detail = f"{method} is not known here; {', '.join(sorted(allowed))} are."
            status, headers, body = _problem(405, "method_not_allowed", detail, request_id)
            return status, [*headers, ("Allow", ", ".join(sorted(allowed)))], body
        if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return _problem(413, "too_large", "A body holds at most 10 MB.", request_id)
        event = proxy_event(environ, found, request_id=request_id)
        context = Context(function="APIHandler", aws_request_id=request_id, timeout_s=API_TIMEOUT_S)
        return _response(self._app(event, context))


def proxy_event(environ: "WSGIEnvironment", found: Match, *, request_id: str) -> dict[str, Any]:
    """Return the event of a REST API's proxy integration."""
    headers = _headers(environ)
    queries = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    body, is_base64 = _body(environ)
    method, path = environ["REQUEST_METHOD"], unquote(raw_path(environ))
    return {
        "resource": found.resource,
        "path": path,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: each[-1] for name, each in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": dict(found.parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "stage": "local",
            "resourcePath": found.resource,
            "resourceId": "local",
            "httpMethod": method,
            "path": path,
            "protocol": environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "requestId": request_id,
            "identity": {
                "sourceIp": environ.get("REMOTE_ADDR", ""),
                "userAgent": environ.get("HTTP_USER_AGENT", ""),
            },
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def preflight(found: Match) -> Headers:
    """Return what a browser asks for before it sends; API Gateway's mock says the same."""
    cors = _cors(found)
    if cors is None:
        return []
    answer = cors.get_access_control_headers()
    return [
        *((name, str(value)) for name, value in answer.items()),
        ("Access-Control-Allow-Methods", ",".join(sorted({*found.methods, "OPTIONS"}))),
    ]


def raw_path(environ: "WSGIEnvironment") -> str:
    """Return the path as it was sent: decoded, `%2F` in an id would look like a slash."""
    sent = str(environ.get("REQUEST_URI") or environ.get("PATH_INFO") or "/")
    return sent.partition("?")[0] or "/"


def _cors(found: Match) -> Any:  # noqa: ANN401 - Chalice's CORSConfig, or None
    # Chalice's types say there always is one; a route without `cors` has None.
    known: list[Any] = [each.cors for each in found.methods.values()]
    return next((each for each in known if each is not None), None)


def _headers(environ: "WSGIEnvironment") -> dict[str, list[str]]:
    names = {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")}
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            names[key] = environ[key]
    return {name.replace("_", "-").lower(): [value] for name, value in names.items()}


def _body(environ: "WSGIEnvironment") -> tuple[str | None, bool]:
    """Return text as text, and anything else as base64."""
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if not raw:
        return None, False
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), True


def _response(answer: Mapping[str, Any]) -> tuple[int, Headers, bytes]:
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    return answer["statusCode"], headers, body


def _problem(status: int, code: str, detail: str, request_id: str) -> tuple[int, Headers, bytes]:
    """Refuse what no function serves; a page of another host may read why, as of every answer."""
    answer: Response = problem(status, code, detail, request_id=request_id)
    headers = {**CORS.get_access_control_headers(), **answer.headers}
    return (
        status,
        [(name, str(value)) for name, value in headers.items()],
        answer.body.encode(),
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


WsgiApp = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]
