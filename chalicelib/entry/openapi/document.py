"""The OpenAPI 3.1 document: every door with its parameters, body, answers and refusals."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.definition import Flow
from chalicelib.entry.auth import scope_for
from chalicelib.entry.http import Nothing
from chalicelib.entry.openapi import parameters, refusals
from chalicelib.entry.openapi.doors import Door, doors_of
from chalicelib.entry.openapi.examples import EXAMPLES
from chalicelib.entry.openapi.schemas import Schemas
from chalicelib.entry.shapes.answers import Position, Problem
from chalicelib.entry.throttle import HEADERS

if TYPE_CHECKING:
    from chalice.app import RouteEntry

Json = dict[str, Any]

_BASE: Final = (Problem, Position, Nothing, Flow, ItemKind)
_ABOUT: Final = """\
Sequences of mails, calls and tasks that run by themselves, and mail filed where it belongs.

Answers are `{"data": …}`; lists add `additional_data.next_cursor`. Ids are opaque. Instants are
RFC 3339, lengths of time ISO 8601 (`P2D`), zones IANA names. Refusals are
`application/problem+json` and say everything that is wrong at once. Unknown fields and queries are
refused, never ignored."""
_HEADERS: Final[Json] = {
    "x-request-id": {
        "description": "The id under which we find this request.",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "In how many seconds to repeat the request.",
        "schema": {"type": "string"},
    },
    "x-ratelimit-limit": {
        "description": "How many requests a minute the token may send.",
        "schema": {"type": "string"},
    },
    "x-ratelimit-remaining": {
        "description": "How many of them are left in this minute, as far as is known.",
        "schema": {"type": "string"},
    },
    "x-ratelimit-reset": {
        "description": "In how many seconds the next minute begins.",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {
        "description": "That a bearer token is asked for.",
        "schema": {"type": "string"},
    },
}
_SECURITY: Final[Json] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API token."},
    "api_token": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-token",
        "description": "An API token, as Pipedrive's clients send it.",
    },
}


def document(routes: Mapping[str, Mapping[str, "RouteEntry"]]) -> Json:
    """Describe what is registered; alike for everybody, so it names no server."""
    doors = list(doors_of(routes))
    schemas = Schemas((*_BASE, *(kind for door in doors for kind in _kinds(door))))
    paths: dict[str, Json] = {}
    for door in doors:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sekvens",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in sorted({door.tag for door in doors})],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": dict(sorted(_refusals(doors))),
            "parameters": {
                "If-Match": parameters.IF_MATCH,
                "Idempotency-Key": parameters.IDEMPOTENCY_KEY,
            },
            "headers": _HEADERS,
            "securitySchemes": _SECURITY,
        },
    }


def _kinds(door: Door) -> Iterator[object]:
    """Yield every type that a door names."""
    promise = door.promise
    yield from (kind for kind in (promise.takes, promise.gives, promise.lists) if kind is not None)
    yield from (_query(door, name) for name in promise.queries)


def _query(door: Door, name: str) -> object:
    return door.promise.reads.get(name) or parameters.QUERIES[name]


def _operation(door: Door, schemas: Schemas) -> Json:
    promise = door.promise
    summary, rest = door.said()
    scope = promise.scope or scope_for(door.method)
    told: Json = {
        "operationId": door.operation,
        "summary": summary,
        **({"description": rest} if rest else {}),
        "tags": [door.tag],
        "security": [] if promise.is_open else [{name: [str(scope)]} for name in _SECURITY],
        "parameters": list(_parameters(door, schemas)),
        **({"requestBody": _body(door, schemas)} if door.takes_body else {}),
        "responses": {str(status): _answer(door, schemas) for status in promise.statuses},
    }
    for status, codes in refusals.refusals_of(door).items():
        place = f"#/components/responses/{refusals.name_of(status, codes)}"
        told["responses"][str(status)] = {"$ref": place}
    return told


def _parameters(door: Door, schemas: Schemas) -> Iterator[Json]:
    yield from (parameters.in_path(name) for name in door.parameters)
    for name in door.promise.queries:
        yield parameters.in_query(name, schemas.of(_query(door, name)))
    if door.promise.is_versioned:
        yield {"$ref": "#/components/parameters/If-Match"}
    if door.takes_key:
        yield {"$ref": "#/components/parameters/Idempotency-Key"}


def _body(door: Door, schemas: Schemas) -> Json:
    schema = schemas.of(door.promise.takes or Nothing)
    component = schemas.components[schema["$ref"].rpartition("/")[2]]
    return {
        "required": bool(component["required"]),
        "content": {"application/json": {"schema": schema, **_example(door)}},
    }


def _example(door: Door) -> Json:
    known = EXAMPLES.get(door.operation)
    return {} if known is None else {"example": known}


def _answer(door: Door, schemas: Schemas) -> Json:
    promise = door.promise
    if promise.says is not None:
        medias = (promise.says,) if isinstance(promise.says, str) else promise.says
        content: Json = {
            media: {"schema": {"type": "object" if media.endswith("json") else "string"}}
            for media in medias
        }
    else:
        content = {"application/json": {"schema": _enveloped(door, schemas)}}
    names = ("x-request-id", *(() if promise.is_open else HEADERS))
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"description": door.said()[0], "headers": headers, "content": content}


def _enveloped(door: Door, schemas: Schemas) -> Json:
    promise = door.promise
    if promise.lists is None:
        inside: Json = {"data": schemas.of(promise.gives)}
        if promise.goes_on:
            inside["additional_data"] = schemas.of(Position)
    else:
        inside = {
            "data": {"type": "array", "items": schemas.of(promise.lists)},
            "additional_data": schemas.of(Position),
        }
    return {"type": "object", "properties": inside, "required": list(inside)}


def _refusals(doors: Collection[Door]) -> Iterator[tuple[str, Json]]:
    for door in doors:
        for status, codes in refusals.refusals_of(door).items():
            yield refusals.name_of(status, codes), refusals.answer_of(status, codes)
