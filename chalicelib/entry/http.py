"""What every HTTP door has in common: who asks, what was sent, and the shape of the answer.

Chalice turns an exception in a view into a bare 500 before any middleware sees it, so `@answers`
stands between the route and the view:

    @routes.route("/v1/leads/{lead_id}", methods=["GET"], cors=True)
    @answers(routes)
    def get_lead(request: Request, lead_id: str) -> Answer:
        return data(_body(service.get(ItemId(lead_id), stores=request.stores)))

Query parameters are declared (`@answers(routes, queries=(*PAGING, "owner_id"))`); any other is
refused, for a filter that is quietly ignored shows a client things it did not ask for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import msgspec
from chalice.app import Blueprint, Response
from chalice.app import Request as Sent

from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    DomainError,
    MalformedError,
    MissingError,
    Problem,
    RuleError,
)
from chalicelib.entry import throttle, wiring
from chalicelib.entry.answering import Answer, created, data, deleted, page, response_of, text
from chalicelib.entry.auth import opened_for, require_resource, require_scope, scope_for
from chalicelib.entry.bodies import read_body
from chalicelib.entry.cursors import read_cursor, write_cursor
from chalicelib.entry.observability import log_unforeseen, logger
from chalicelib.entry.once import answer_once
from chalicelib.entry.paging import PAGING, Page, is_number, part_of, read_limit
from chalicelib.entry.problems import current_request, refused, request_id_of, unforeseen
from chalicelib.entry.promises import note
from chalicelib.entry.settings import settings
from chalicelib.storage.acting import Actor, act, acting

if TYPE_CHECKING:
    from chalicelib.gateways.outside import Outside
    from chalicelib.services.decisions import Bench
    from chalicelib.storage.stores import Stores

__all__ = [
    "PAGING",
    "Answer",
    "OpenRequest",
    "Page",
    "Request",
    "answers",
    "answers_anyone",
    "created",
    "data",
    "deleted",
    "page",
    "part_of",
    "text",
]

_LONGEST_ID: Final = 255

P = ParamSpec("P")
T = TypeVar("T")


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an action that needs none."""


class OpenRequest:
    """A request that anybody may make."""

    def __init__(self, sent: Sent, *, outside: "Outside", queries: Sequence[str]) -> None:
        """Refuse query parameters that the door does not know."""
        self.id = request_id_of(sent)
        self.outside = outside
        self.now: datetime = outside.clock.now()
        self.method = sent.method
        self.path = sent.path
        self._sent = sent
        self._queries = queries
        self._refuse_unknown_queries()

    def body(self, kind: type[T]) -> T:
        """Read the body as `kind`: 400 not JSON, 413 too large, 422 with the path of the field."""
        return read_body(self.raw_body(), kind)

    def nothing(self) -> None:
        """Insist on an empty body, or on `{}`."""
        self.body(Nothing)

    def raw_body(self) -> bytes:
        """Return the bytes of the body."""
        try:
            raw = self._sent.raw_body
        except ValueError:
            raise MalformedError(reason="the body is not valid base64") from None
        return raw.encode() if isinstance(raw, str) else raw

    def query(self, name: str) -> str | None:
        """Return a query parameter that the door declares; given twice is refused."""
        if name not in self._queries:
            raise KeyError(f"declare the query parameter: answers(routes, queries=({name!r},))")
        sent = self._sent.query_params
        given = sent.getlist(name) if sent is not None and name in sent else []
        if len(given) > 1:
            message = "Give this query parameter once."
            raise RuleError(Problem(path=name, code="given_twice", message=message))
        return given[0] if given else None

    def header(self, name: str) -> str | None:
        """Return a header, whatever its case."""
        value = self._sent.headers.get(name)
        return None if value is None else str(value)

    def _refuse_unknown_queries(self) -> None:
        unknown = [name for name in self._sent.query_params or () if name not in self._queries]
        if unknown:
            known = ", ".join(self._queries) or "none"
            message = f"This query parameter is not known here (known: {known})."
            raise RuleError(
                *(Problem(path=name, code="unknown_parameter", message=message) for name in unknown)
            )


class Request(OpenRequest):
    """A request of a known caller, with what is kept for that caller's tenant."""

    def __init__(
        self, sent: Sent, *, outside: "Outside", queries: Sequence[str], caller: Caller
    ) -> None:
        """Bind the request to its caller."""
        super().__init__(sent, outside=outside, queries=queries)
        self.caller = caller
        self.stores: Stores = wiring.stores_for(caller.tenant_id)

    @property
    def bench(self) -> "Bench":
        """What use cases of the runner need, in one hand."""
        from chalicelib.services.decisions import Bench  # noqa: PLC0415 - few doors touch the runner

        return Bench(stores=self.stores, outside=self.outside)

    def page(self) -> Page:
        """Read `limit` and `cursor`, and verify the cursor."""
        cursor = self.query("cursor")
        return Page(
            limit=read_limit(self.query("limit")),
            cursor=read_cursor(cursor, scope=self._list_scope, keys=settings().mac_keys)
            if cursor
            else None,
        )

    def sealed(self, answer: Answer) -> Answer:
        """Seal the position of a list, for this tenant and this list only."""
        if answer.next_cursor is None or not isinstance(answer.body, dict):
            return answer
        keys = settings().mac_keys
        cursor = write_cursor(answer.next_cursor, scope=self._list_scope, keys=keys)
        body = {**answer.body, "additional_data": {"next_cursor": cursor}}
        return replace(answer, body=body)

    @property
    def _list_scope(self) -> str:
        return f"{self.caller.tenant_id} {self.path} {self._sent.uri_params}"

    def if_match(self) -> int | None:
        """Return the version the caller has read, from `If-Match: "<version>"`."""
        given = self.header("if-match")
        if given is None or given.strip() == "*":
            return None
        number = given.strip().removeprefix("W/").strip('"')
        if not is_number(number):
            raise MalformedError(reason='`If-Match` must be a version in quotes, such as "3"')
        return int(number)


def answers(
    routes: Blueprint, *, queries: Sequence[str] = (), scope: str | None = None
) -> Callable[[Callable[Concatenate[Request, P], Answer]], Callable[P, Response]]:
    """Authenticate, call the view with a `Request`, and answer even when it refuses."""

    def decorate(view: Callable[Concatenate[Request, P], Answer]) -> Callable[P, Response]:
        @wraps(view)
        def door(*args: P.args, **kwargs: P.kwargs) -> Response:
            headers: dict[str, str] = {}

            def knock(sent: Sent) -> Response:
                request = _admitted(sent, queries, scope, headers)
                key = request.header("idempotency-key") if sent.method == "POST" else None
                if key is None:
                    return response_of(request.sealed(view(request, *args, **kwargs)), request.id)
                return answer_once(
                    lambda: view(request, *args, **kwargs),
                    key=key,
                    route=f"{sent.method} {sent.path}",
                    sent=f"{sent.uri_params}".encode() + request.raw_body(),
                    request_id=request.id,
                    caller=request.caller,
                    store=request.stores.idempotency,
                    owner=request.outside.mint.new_id(request.now),
                    now=request.now,
                )

            return _guarded(routes, knock, headers)

        note(door, queries=queries, scope=scope)
        return door

    return decorate


def answers_anyone(
    routes: Blueprint, *, queries: Sequence[str] = ()
) -> Callable[[Callable[Concatenate[OpenRequest, P], Answer]], Callable[P, Response]]:
    """Call the view for whoever asks: health, the API's description, public pages."""

    def decorate(view: Callable[Concatenate[OpenRequest, P], Answer]) -> Callable[P, Response]:
        @wraps(view)
        def door(*args: P.args, **kwargs: P.kwargs) -> Response:
            def knock(sent: Sent) -> Response:
                request = OpenRequest(sent, outside=wiring.outside(), queries=queries)
                return response_of(view(request, *args, **kwargs), request.id)

            return _guarded(routes, knock, {})

        note(door, queries=queries, is_open=True)
        return door

    return decorate


def _admitted(
    sent: Sent, queries: Sequence[str], scope: str | None, headers: dict[str, str]
) -> Request:
    """Let a known caller in whose token is good for this door, and not used too much."""
    outside = wiring.outside()
    now = outside.clock.now()
    opened = opened_for(sent, now=now)
    caller = opened.caller
    logger.append_keys(tenant_id=caller.tenant_id, user_id=caller.user_id)
    if most := settings().requests_per_minute:
        permits = wiring.stores_for(caller.tenant_id).permits
        throttle.admit(caller, most=most, now=now, permits=permits, headers=headers)
    require_resource(sent.method, sent.path, opened)
    act(Actor(user_id=caller.user_id, token_id=caller.token_id, at=now))
    require_scope(caller, scope or scope_for(sent.method))
    _insist_on_ids(sent)
    return Request(sent, outside=outside, queries=queries, caller=caller)


def _insist_on_ids(sent: Sent) -> None:
    """Refuse what cannot be an id before it becomes a key of the table."""
    for name, value in (sent.uri_params or {}).items():
        if not (value.isascii() and value.isprintable() and 0 < len(value) <= _LONGEST_ID):
            raise MissingError(kind=name.removesuffix("_id"), id=value[:_LONGEST_ID])


def _guarded(
    routes: Blueprint, knock: Callable[[Sent], Response], headers: Mapping[str, str]
) -> Response:
    """Turn a refusal into its problem, and whatever else into a 500 that is logged once."""
    sent = current_request.get() or routes.current_request
    request_id = request_id_of(sent)
    try:
        with acting():
            answer = knock(sent)
    except DomainError as error:
        answer = refused(error, request_id)
    except Exception as error:  # noqa: BLE001 - the door is where everything ends
        log_unforeseen(error, request_id=request_id, route=f"{sent.method} {sent.path}")
        answer = unforeseen(request_id)
    answer.headers.update(headers)
    return answer
