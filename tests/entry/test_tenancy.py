"""No door shows or changes anything of another tenant, whatever ids a caller has got hold of.

Generated from the routes: a new door is tried without a test of its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import boto3
import msgspec
from chalice.test import Client, HTTPResponse
from msgspec import inspect

from app import app
from chalicelib.entry.openapi.doors import Door, doors_of
from chalicelib.entry.openapi.examples import EXAMPLES
from tests.builders import TENANT
from tests.entry.conftest import OLGA, Api
from tests.entry.test_contract import World, world  # noqa: F401 - a fixture

DOORS: Final = {door.operation: door for door in doors_of(app.routes)}
WITH_PLACES: Final = sorted(
    name for name, door in DOORS.items() if door.parameters and not door.promise.is_open
)
TAKING: Final = sorted(
    name for name, door in DOORS.items() if door.promise.takes is not None and not door.parameters
)
OF_EVERYBODY: Final = frozenset({"kind"})
"""Places of paths that name no thing of anybody's."""
SECRETS: Final = (b"Paula", b"paula@acme", b"Acme", b"Sally", b"sally@", b"Forty chairs")
"""What only the tenant that is tried knows."""


def rows_of(tenant: str) -> list[dict[str, Any]]:
    """Return everything the table holds for a tenant, but for how much tokens asked for."""
    found = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    own = (row for row in found if row["pk"]["S"].startswith(f"t#{tenant}"))
    return sorted(
        (row for row in own if "#permits#" not in row["pk"]["S"]),
        key=lambda row: (row["pk"]["S"], row["sk"]["S"]),
    )


def places_of(tried: World) -> dict[str, str]:
    """Return an id of the tenant's for every place of a path; keys hold `#<name>#<id>`."""
    keys = [f"{row['pk']['S']}#{row['sk']['S']}".split("#") for row in rows_of(TENANT)]
    names = {name for door in DOORS.values() for name in door.parameters}
    kept = {
        name: parts[parts.index(word) + 1]
        for name in names
        for parts in keys
        if (word := name.removesuffix("_id")) in parts[:-1]
    }
    return {**kept, **tried.id_by_name, "item_id": "lead-1"}


def item_of(door: Door) -> str:
    """Return an item of the tenant's, of the kind that the door is for."""
    return World(Api(Client(app)), {}).path(replace(door, path="{item_id}"))


def send(api: Api, door: Door, path: str, body: object) -> HTTPResponse:
    match door.method:
        case "GET":
            return api.get(path)
        case "DELETE":
            return api.delete(path)
        case method:
            by_method = {"POST": api.post, "PUT": api.put, "PATCH": api.patch}
            return by_method[method](path, body)


def test_no_place_of_a_path_leads_into_another_tenant(world: World) -> None:  # noqa: F811 - the fixture
    before = rows_of(TENANT)
    places = places_of(world)
    olga = world.api.of(OLGA)
    let_in = {}
    for name in WITH_PLACES:
        door = DOORS[name]
        if set(door.parameters) <= OF_EVERYBODY:
            continue
        own = {} if "item_id" not in door.parameters else {"item_id": item_of(door)}
        path = door.path.format(**{**places, **own})
        answer = send(olga, door, path, EXAMPLES.get(name, {}))
        told = [secret for secret in SECRETS if secret in answer.body]
        if answer.status_code != 404 or told:
            let_in[f"{door.method} {door.path}"] = (answer.status_code, told, answer.body[:200])

    assert let_in == {}, sorted(let_in.items())
    assert rows_of(TENANT) == before


def ids_in(kind: inspect.Type, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield where a body holds ids: `person_id`, `item_ids`, and `id` beside a `kind`."""
    match kind:
        case inspect.Metadata():
            yield from ids_in(kind.type, path)
        case inspect.UnionType():
            for each in kind.types:
                yield from ids_in(each, path)
        case inspect.StructType():
            for field in kind.fields:
                here = (*path, field.encode_name)
                if field.encode_name.endswith(("_id", "_ids")) or field.encode_name == "id":
                    yield here
                else:
                    yield from ids_in(field.type, here)
        case _:
            return


def placed(body: dict[str, Any], path: tuple[str, ...], ids: dict[str, str]) -> dict[str, Any]:
    """Return the body with another's id at `path`."""
    name, *rest = path
    if rest:
        return {**body, name: placed(dict(body.get(name) or {}), tuple(rest), ids)}
    if name == "id":
        return {**body, "kind": "lead", "id": ids["lead_id"]}
    known = ids.get(name.removesuffix("s"), ids["lead_id"])
    return {**body, name: [known] if name.endswith("_ids") else known}


TRIED: Final = [
    (name, path)
    for name in TAKING
    for path in ids_in(msgspec.inspect.type_info(DOORS[name].promise.takes))
]


def test_ids_in_bodies_are_found() -> None:
    assert ("create_lead", ("person_id",)) in TRIED
    assert ("make_address", ("item", "id")) in TRIED


def test_no_id_in_a_body_leads_into_another_tenant(world: World) -> None:  # noqa: F811 - as above
    ids = {
        **world.id_by_name,
        "lead_id": "lead-1",
        "item_id": "lead-1",
        "person_id": "person-paula",
        "organization_id": "org-acme",
        "owner_id": "user-sally",
        "assignee_id": "user-sally",
    }
    before = rows_of(TENANT)
    olga = world.api.of(OLGA)
    let_in = {}
    for name, path in TRIED:
        door = DOORS[name]
        body = placed(dict(EXAMPLES[name]), path, ids)
        answer = send(olga, door, door.path, body)
        is_refused = answer.status_code in {404, 422} or b'"not_found"' in answer.body
        told = [secret for secret in SECRETS[:4] if secret in answer.body]
        if not is_refused or told:
            let_in[f"{name} {'.'.join(path)}"] = (answer.status_code, told, answer.body[:200])

    assert let_in == {}
    assert rows_of(TENANT) == before
