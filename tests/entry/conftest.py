"""A client that speaks to the whole app as API Gateway does, and holds it to its description."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Role
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import OTHER_TENANT, a_tenant, a_token, a_user, an_admin
from tests.entry import contract

SALLY = "sekvens_of-sally"
ADAM = "sekvens_of-adam"
OLGA = "sekvens_of-olga-at-the-other-tenant"


@dataclass(frozen=True, slots=True)
class Api:
    """Sends JSON with a token, and reads the answer."""

    client: Client
    token: str = SALLY
    headers: Mapping[str, str] = field(default_factory=dict)

    def having(self, **headers: str) -> "Api":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def of(self, token: str) -> "Api":
        return replace(self, token=token)

    def get(self, path: str) -> HTTPResponse:
        return self._send("GET", path, None)

    def post(self, path: str, body: object = None) -> HTTPResponse:
        return self._send("POST", path, body)

    def put(self, path: str, body: object) -> HTTPResponse:
        return self._send("PUT", path, body)

    def patch(self, path: str, body: object) -> HTTPResponse:
        return self._send("PATCH", path, body)

    def delete(self, path: str) -> HTTPResponse:
        return self._send("DELETE", path, None)

    def _send(self, method: str, path: str, body: object) -> HTTPResponse:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            **self.headers,
        }
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        raw = b"" if body is None else sent
        answer = self.client.http.request(method, path, headers=headers, body=raw)
        contract.hold(method, path, raw, answer)
        return answer


@pytest.fixture
def api(stores: Stores, others_stores: Stores) -> Iterator[Api]:
    """Return a client with Sally's token, in a tenant where Adam is admin; Olga is a stranger."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())
    stores.tokens.add(a_token(), secret=SALLY)
    stores.tokens.add(
        replace(
            a_token(),
            id=ApiTokenId("token-2"),
            user_id=an_admin().id,
            scopes=frozenset({Scope.ADMIN}),
        ),
        secret=ADAM,
    )
    olga = replace(
        a_user(),
        id=UserId("user-olga"),
        name="Olga Other",
        email="olga@fabrikam.test",
        confirmed_addresses=("olga@fabrikam.test",),
        role=Role.ADMIN,
    )
    others_stores.tenant.save(replace(a_tenant(), id=OTHER_TENANT))
    others_stores.users.save(olga)
    others_stores.tokens.add(
        replace(
            a_token(),
            tenant_id=OTHER_TENANT,
            user_id=olga.id,
            scopes=frozenset({Scope.ADMIN}),
        ),
        secret=OLGA,
    )
    with Client(app) as client:
        yield Api(client)
