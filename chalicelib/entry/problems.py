"""Every refusal as `application/problem+json`: the one table from error to status.

What we did not foresee becomes a 500 that says nothing but the request's id; what Chalice refuses
by itself (an unknown method, a media type) is put into the same shape.
"""

from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import msgspec
from chalice.app import Response

from chalicelib.domain import errors
from chalicelib.domain.errors import DomainError, Problem

if TYPE_CHECKING:
    from chalice.app import Request

STATUS_BY_ERROR: Final[Mapping[type[DomainError], int]] = {
    errors.MalformedError: 400,
    errors.AuthError: 401,
    errors.ForbiddenError: 403,
    errors.MissingError: 404,
    errors.NotAcceptableError: 406,
    errors.StateError: 409,
    errors.TooLargeError: 413,
    errors.RuleError: 422,
    errors.ThrottledError: 429,
}
"""A subclass answers as its nearest ancestor here; a refusal that is not listed is a bug (500)."""

TITLE_BY_STATUS: Final[Mapping[int, str]] = {
    400: "The request cannot be read",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "No such method here",
    406: "Not in that shape",
    409: "The thing has moved on",
    413: "Too large",
    415: "Not JSON",
    422: "A rule says no",
    429: "Too much at once",
    500: "Our fault",
}

# Chalice's own refusals, which never reach a view: its status, and our code and sentence.
_BY_CHALICE: Final[Mapping[int, tuple[str, str]]] = {
    405: ("method_not_allowed", "This path does not know this method; see the `Allow` header."),
    415: ("unsupported_media_type", "Send the body as `Content-Type: application/json`."),
}

current_request: ContextVar["Request | None"] = ContextVar("current_request", default=None)
"""The request of this thread. Chalice keeps one per app, which threads on a laptop would share."""


def refused(error: DomainError, request_id: str) -> Response:
    """Answer a refusal: nothing was changed, and this is what to do."""
    answer = problem(
        status_of(error), error.code, error.detail, request_id=request_id, problems=error.problems
    )
    if (retry_after := error.values.get("retry_after")) is not None:
        answer.headers["Retry-After"] = str(retry_after)
    if isinstance(error, errors.AuthError):
        answer.headers["WWW-Authenticate"] = 'Bearer realm="sekvens"'
    return answer


def unforeseen(request_id: str) -> Response:
    """Answer a bug or an outage, leaking nothing."""
    detail = "Something failed on our side. Repeat the request, or tell us its id."
    return problem(500, "internal_error", detail, request_id=request_id)


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a refusal."""
    listed = (kind for kind in type(error).__mro__ if kind in STATUS_BY_ERROR)
    return next((STATUS_BY_ERROR[kind] for kind in listed), 500)


def speak_problem(request: "Request", get_response: Callable[["Request"], Response]) -> Response:
    """Middleware: remember the request for its thread; reshape what Chalice refuses by itself."""
    token = current_request.set(request)
    try:
        response = get_response(request)
    finally:
        current_request.reset(token)
    if not (isinstance(response.body, dict) and "Code" in response.body):
        return response
    request_id = request_id_of(request)
    if response.status_code not in _BY_CHALICE:
        return unforeseen(request_id)
    code, detail = _BY_CHALICE[response.status_code]
    answer = problem(response.status_code, code, detail, request_id=request_id)
    answer.headers = {**response.headers, **answer.headers}
    return answer


def request_id_of(request: "Request") -> str:
    """Return the id that the gateway gave the request."""
    return str(request.context.get("requestId", "unknown"))


def problem(
    status: int, code: str, detail: str, *, request_id: str, problems: Collection[Problem] = ()
) -> Response:
    """Build the answer; doors that are not Chalice's (a laptop's 404) use it too."""
    body = {
        "type": f"urn:sekvens:problem:{code}",
        "title": TITLE_BY_STATUS[status],
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [
            {"path": _place(each.path), "code": each.code, "message": each.message}
            for each in problems
        ],
        "request_id": request_id,
    }
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/problem+json",
        "x-request-id": request_id,
    }
    return Response(msgspec.json.encode(body).decode() + "\n", headers=headers, status_code=status)


def _place(path: str) -> str:
    """Spell a place as clients read it: `$.emails[0].address` is `emails[0].address`."""
    return "body" if path == "$" else path.removeprefix("$.").removeprefix("$")
