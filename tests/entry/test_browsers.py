"""What browsers are told before and after they send."""

from io import BytesIO
from typing import Any

from app import app
from infra.local.wsgi import Gateway
from tests.entry.conftest import Api


def preflight(path: str) -> dict[str, str]:
    told: dict[str, str] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        told.update({name.lower(): value for name, value in headers}, status=status)

    environ: Any = {"REQUEST_METHOD": "OPTIONS", "PATH_INFO": path, "wsgi.input": BytesIO()}
    Gateway(app)(environ, start_response)  # type: ignore[arg-type]  # as much of it as is called
    return told


def test_a_preflight_allows_what_clients_send() -> None:
    told = preflight("/v1/leads/lead-1")

    allowed = set(told["access-control-allow-headers"].lower().split(","))
    assert told["status"] == "204 No Content"
    assert told["access-control-allow-origin"] == "*"
    assert allowed >= {
        "authorization",
        "x-api-token",
        "idempotency-key",
        "if-match",
        "content-type",
    }
    assert set(told["access-control-allow-methods"].split(",")) >= {"GET", "PATCH", "DELETE"}


def test_every_route_tells_browsers_the_same() -> None:
    told = {
        (entry.cors.allow_headers, entry.cors.allow_origin)
        for path, entries in app.routes.items()
        for entry in entries.values()
        if path.startswith("/v1/")
    }

    assert len(told) == 1


def test_an_answer_may_be_read_with_its_headers(api: Api) -> None:
    for answer in (api.get("/v1/users/me"), api.get("/v1/leads/none")):
        exposed = answer.headers["Access-Control-Expose-Headers"].lower()

        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "x-ratelimit-remaining" in exposed
        assert "retry-after" in exposed
