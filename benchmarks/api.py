"""What a request costs: processor time over bare Chalice, requests and units of the table.

Run as `python -m benchmarks.api`. Beside each door stands a bare Chalice app that gives the same
bytes, called with the same event; both take turns in one run, so that what disturbs the machine
disturbs both. A second bare app asks DynamoDB for the row by boto3: what no design could save.
"""

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalice.app import Chalice, Response

from benchmarks.meter import Bill
from benchmarks.world import NOW, SALLY, TENANT, World, a_world
from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.tokens import ApiToken, Scope
from chalicelib.domain.ids import ApiTokenId, ItemId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row
from infra.local.lambda_events import API_TIMEOUT_S, Context

BUDGET_MS: Final = 2.0
"""A GET by id over bare Chalice (architecture, section 8)."""
_SECRET: Final = "sekvens_of-the-benchmark"  # noqa: S105 - opens an emulator that ends with us
_LEADS: Final = 120
_ROUNDS: Final = 15
_CALLS: Final = 40

Event = dict[str, Any]
"""A request as API Gateway hands it on; a vendor's shape."""
Call = Callable[[Event, Context], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One door: its processor time and that of the bare ones, and what it asked of the table."""

    name: str
    ours_ms: float
    bare_ms: float
    with_row_ms: float
    bill: Bill

    @property
    def over_ms(self) -> float:
        """How much more than bare Chalice."""
        return self.ours_ms - self.bare_ms


def all_doors(world: World) -> Iterator[Line]:
    """Measure a GET by id, a list of a hundred and a POST."""
    for number in range(_LEADS):
        world.bench.stores.items.create(_lead(number))
    token = ApiToken(
        id=ApiTokenId("bench"),
        tenant_id=TENANT,
        user_id=SALLY,
        name="bench",
        scopes=frozenset({Scope.WRITE}),
        created_at=NOW,
    )
    world.bench.stores.tokens.add(token, secret=_SECRET)
    one = {"item_id": "lead-000007"}
    yield _measured(world, "GET /v1/leads/{item_id}", _event("GET", "/v1/leads/{item_id}", one))
    hundred = {"multiValueQueryStringParameters": {"limit": ["100"]}}
    listing = {**_event("GET", "/v1/leads", {}), **hundred}
    yield _measured(world, "GET /v1/leads?limit=100", listing)
    made = _event("POST", "/v1/leads", {}, {"title": "Forty chairs for Acme"})
    yield _measured(world, "POST /v1/leads", made)


def _measured(world: World, name: str, event: Event) -> Line:
    from app import app  # noqa: PLC0415 - reads the environment that the world has set

    answer = app(event, _context())
    if answer["statusCode"] not in {200, 201}:
        raise RuntimeError(answer)
    with world.meter.measure() as bill:
        app(event, _context())
    bare = _bare(event, answer["body"], asks_row=False)
    with_row = _bare(event, answer["body"], asks_row=True)
    ours_ms, bare_ms, with_row_ms = _by_turns((app, bare, with_row), event)
    return Line(name=name, ours_ms=ours_ms, bare_ms=bare_ms, with_row_ms=with_row_ms, bill=bill)


def _by_turns(calls: tuple[Call, ...], event: Event) -> list[float]:
    """Return the least processor time of a call of each, in milliseconds: noise only adds."""
    least = [float("inf")] * len(calls)
    gc.collect()
    for _ in range(_ROUNDS):
        for at, call in enumerate(calls):
            begun = time.process_time()
            for _ in range(_CALLS):
                call(event, _context())
            least[at] = min(least[at], (time.process_time() - begun) * 1000 / _CALLS)
    return least


def _bare(event: Event, body: str, *, asks_row: bool) -> Chalice:
    """Return an app with one door that says the same, and may first read a row as boto3 does."""
    app = Chalice(app_name="bare", configure_logs=False)
    client = Row._get_connection().connection.client  # noqa: SLF001 - the same client as ours
    lead = ItemRef(ItemKind.LEAD, ItemId("lead-000007"))
    place = {"pk": {"S": keys.item(TENANT, lead)}, "sk": {"S": keys.HEAD}}

    def door(**_: str) -> Response:
        if asks_row:
            client.get_item(TableName=Row.Meta.table_name, Key=place, ConsistentRead=True)  # type: ignore[attr-defined]  # made at run time
        if app.current_request is not None and event["body"] is not None:
            json.loads(app.current_request.raw_body)
        return Response(body, headers={"Content-Type": "application/json"})

    app.route(event["resource"], methods=[event["httpMethod"]], cors=True)(door)
    return app


def _event(method: str, resource: str, parameters: Mapping[str, str], body: object = None) -> Event:
    path = resource.format(**parameters)
    headers = {"authorization": f"Bearer {_SECRET}", "content-type": "application/json"}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": path,
            "requestId": "bench",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def _context() -> Context:
    return Context(function="APIHandler", aws_request_id="bench", timeout_s=API_TIMEOUT_S)


def _lead(number: int) -> Item:
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-{number:06d}"))
    lead = Item(
        ref=ref, title=f"Forty chairs {number}", owner_id=SALLY, created_at=NOW, updated_at=NOW
    )
    return replace(lead, tags=("bench",))


def main() -> None:
    """Print a line for each door."""
    print("ms of processor time a call, the least of all rounds; DynamoDB requests and units")
    with a_world() as world:
        for each in all_doors(world):
            bill = each.bill
            print(
                f"{each.name:26} ours {each.ours_ms:5.2f}  bare {each.bare_ms:5.2f}  "
                f"bare with a row {each.with_row_ms:5.2f}  over bare {each.over_ms:5.2f}  |  "
                f"{bill.table_requests} requests, {bill.read_units:g} read, "
                f"{bill.write_units:g} write units"
            )
            if each.name.startswith("GET /v1/leads/"):
                verdict = "ok" if each.over_ms <= BUDGET_MS else "OVER BUDGET"
                print(f"{'':26} budget {BUDGET_MS:g} ms over bare: {verdict}")


if __name__ == "__main__":
    main()
