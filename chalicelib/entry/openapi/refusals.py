"""Which refusals a door may give: those that follow from how it is built, and those it promises."""

import inspect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.domain import errors
from chalicelib.domain.crm.features import PlanError, SwitchedOffError
from chalicelib.domain.crm.tokens import ScopeMissingError
from chalicelib.domain.errors import DomainError
from chalicelib.entry.auth import feature_of
from chalicelib.entry.once import KeyReusedError, TwinInFlightError
from chalicelib.entry.openapi.doors import Door, without_requirements
from chalicelib.entry.problems import STATUS_BY_ERROR, TITLE_BY_STATUS
from chalicelib.entry.throttle import HEADERS, RateLimitedError
from chalicelib.services.access import TenantSuspendedError

Codes = dict[str, str]
"""What each code means."""

_NO_CLASS: Final = {
    415: {"unsupported_media_type": "The body is not sent as `application/json`."},
    500: {"internal_error": "A bug or an outage; repeat the request, or tell us its id."},
}
_HEADERS: Final = {401: ("WWW-Authenticate",), 429: ("Retry-After", *HEADERS)}


def refusals_of(door: Door) -> dict[int, Codes]:
    """Return the codes a door may refuse with, by status."""
    found: defaultdict[int, Codes] = defaultdict(dict)
    for error in (*_built_in(door), *door.promise.refuses):
        found[_status(error)][error.code] = _meaning(error)
    for status, codes in _NO_CLASS.items():
        if status != 415 or door.takes_body:  # noqa: PLR2004 - the status stands six lines above
            found[status].update(codes)
    return {status: dict(sorted(codes.items())) for status, codes in sorted(found.items())}


def name_of(status: int, codes: Codes) -> str:
    """Return the name under which doors that refuse alike share one answer."""
    return "-".join((str(status), *codes))


def answer_of(status: int, codes: Codes) -> dict[str, Any]:
    """Return the answer of a refusal."""
    lines = "\n".join(f"- `{code}`: {meaning}" for code, meaning in codes.items())
    narrowed = {"status": {"const": status}, "code": {"enum": list(codes)}}
    headers = ("x-request-id", *_HEADERS.get(status, ()))
    return {
        "description": f"{TITLE_BY_STATUS[status]}\n\n{lines}",
        "headers": {each: {"$ref": f"#/components/headers/{each}"} for each in headers},
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Problem"},
                        {"properties": narrowed},
                    ]
                }
            }
        },
    }


def _built_in(door: Door) -> Iterator[type[DomainError]]:
    yield errors.RuleError
    if not door.promise.is_open:
        yield from (errors.AuthError, ScopeMissingError, TenantSuspendedError)
        yield from (errors.ThrottledError, RateLimitedError)
        if feature_of(door.method, door.path) is not None:
            yield from (PlanError, SwitchedOffError)
    if door.parameters:
        yield errors.MissingError
    if door.takes_body:
        yield from (errors.MalformedError, errors.TooLargeError)
    if door.takes_key:
        yield from (TwinInFlightError, KeyReusedError)
    if "cursor" in door.promise.queries:
        yield errors.MalformedError
    if door.promise.is_versioned:
        yield from (errors.MalformedError, errors.StaleWriteError)


def _status(error: type[DomainError]) -> int:
    return next(STATUS_BY_ERROR[kind] for kind in error.__mro__ if kind in STATUS_BY_ERROR)


def _meaning(error: type[DomainError]) -> str:
    return without_requirements((inspect.getdoc(error) or "").partition("\n\n")[0])
