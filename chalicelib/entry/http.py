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
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

import msgspec
from chalice.app import Blueprint, Response
from chalice.app import Request as Sent

from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.errors import (
    DomainError,
    ForbiddenError,
    MalformedError,
    Problem,
    RuleError,
)
from chalicelib.entry import wiring
from chalicelib.entry.auth import caller_of, require_scope, scope_for
from chalicelib.entry.bodies import read_body
from chalicelib.entry.cursors import read_cursor, write_cursor
from chalicelib.entry.observability import log_unforeseen, logger
from chalicelib.entry.problems import current_request, refused, request_id_of, unforeseen
from chalicelib.entry.settings import settings
from chalicelib.gateways.outside import Outside
from chalicelib.storage.stores import Stores

PAGING: Final = ("limit", "cursor")
DEFAULT_LIMIT: Final = 100
MOST_LIMIT: Final = 500

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a view says; `secret` names a field of the body that is shown once and never stored."""

    body: object
    status: int = 200
    content_type: str = "application/json"
    next_cursor: Mapping[str, object] | None = None
    secret: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def data(body: object, *, status: int = 200) -> Answer:
    """Answer one thing; 202 for work that goes on."""
    return Answer(body={"data": body}, status=status)


def created(body: object, *, secret: str | None = None) -> Answer:
    """Answer a thing that did not exist before."""
    return Answer(body={"data": body}, status=201, secret=secret)


def deleted(of: str) -> Answer:
    """Answer that the thing with this id is gone."""
    return data({"id": of, "deleted": True})


def page(rows: Sequence[object], next_cursor: Mapping[str, object] | None) -> Answer:
    """Answer part of a list; the position, if any, is sealed on its way out."""
    return Answer(
        body={"data": rows, "additional_data": {"next_cursor": None}}, next_cursor=next_cursor
    )


def text(body: str, *, content_type: str, status: int = 200) -> Answer:
    """Answer what is not JSON: a drawing, a page."""
    return Answer(body=body, content_type=content_type, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is asked for; the cursor is verified."""

    limit: int
    cursor: Mapping[str, object] | None


class OpenRequest:
    """A request that anybody may make."""

    def __init__(self, sent: Sent, *, outside: Outside, queries: Sequence[str]) -> None:
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
        self, sent: Sent, *, outside: Outside, queries: Sequence[str], caller: Caller
    ) -> None:
        """Bind the request to its caller."""
        super().__init__(sent, outside=outside, queries=queries)
        self.caller = caller
        self.stores: Stores = wiring.stores_for(caller.tenant_id)

    def page(self) -> Page:
        """Read `limit` and `cursor`, and verify the cursor."""
        cursor = self.query("cursor")
        return Page(
            limit=_limit(self.query("limit")),
            cursor=read_cursor(cursor, scope=self.list_scope, keys=settings().mac_keys)
            if cursor
            else None,
        )

    @property
    def list_scope(self) -> str:
        """What a cursor of this list is good for."""
        return f"{self.caller.tenant_id} {self.path} {self._sent.uri_params}"

    def if_match(self) -> int | None:
        """Return the version the caller has read, from `If-Match: "<version>"`."""
        given = self.header("if-match")
        if given is None or given.strip() == "*":
            return None
        number = given.strip().removeprefix("W/").strip('"')
        if not (number.isascii() and number.isdigit()):
            raise MalformedError(reason='`If-Match` must be a version in quotes, such as "3"')
        return int(number)

    def require_write(self) -> None:
        """Insist on the scope `write`; doors other than GET do so by themselves."""
        require_scope(self.caller, "write")

    def require_role(self, *roles: Role) -> None:
        """Insist on one of these roles."""
        if self.caller.role not in roles:
            action = f"{self.method} {self.path} (needs {' or '.join(roles)})"
            raise ForbiddenError(role=self.caller.role, action=action)


def answers(
    routes: Blueprint, *, queries: Sequence[str] = (), scope: str | None = None
) -> Callable[[Callable[Concatenate[Request, P], Answer]], Callable[P, Response]]:
    """Authenticate, call the view with a `Request`, and answer even when it refuses."""

    def decorate(view: Callable[Concatenate[Request, P], Answer]) -> Callable[P, Response]:
        @wraps(view)
        def door(*args: P.args, **kwargs: P.kwargs) -> Response:
            return _guarded(routes, lambda sent: knock(sent, *args, **kwargs))

        def knock(sent: Sent, *args: P.args, **kwargs: P.kwargs) -> Response:
            outside = wiring.outside()
            caller = caller_of(sent, now=outside.clock.now())
            logger.append_keys(tenant_id=caller.tenant_id, user_id=caller.user_id)
            require_scope(caller, scope or scope_for(sent.method))
            request = Request(sent, outside=outside, queries=queries, caller=caller)
            return _response(view(request, *args, **kwargs), request, request.list_scope)

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
                return _response(view(request, *args, **kwargs), request, "")

            return _guarded(routes, knock)

        return door

    return decorate


def _guarded(routes: Blueprint, knock: Callable[[Sent], Response]) -> Response:
    """Turn a refusal into its problem, and whatever else into a 500 that is logged once."""
    sent = current_request.get() or routes.current_request
    request_id = request_id_of(sent)
    try:
        return knock(sent)
    except DomainError as error:
        return refused(error, request_id)
    except Exception as error:  # noqa: BLE001 - the door is where everything ends
        log_unforeseen(error, request_id=request_id, route=f"{sent.method} {sent.path}")
        return unforeseen(request_id)


def _response(answer: Answer, request: OpenRequest, scope: str) -> Response:
    body = answer.body
    if answer.next_cursor is not None and isinstance(body, dict):
        sealed = write_cursor(answer.next_cursor, scope=scope, keys=settings().mac_keys)
        body = {**body, "additional_data": {"next_cursor": sealed}}
    return Response(
        body if isinstance(body, str) else msgspec.json.encode(body).decode(),
        status_code=answer.status,
        headers={"Content-Type": answer.content_type, "x-request-id": request.id, **answer.headers},
    )


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_LIMIT:
        return int(given)
    message = f"Give a whole number from 1 to {MOST_LIMIT}."
    raise RuleError(Problem(path="limit", code="wrong_value", message=message))
