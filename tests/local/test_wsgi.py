"""API Gateway's part: what a request becomes, and what an answer becomes."""

import base64
import json
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from chalice.app import Chalice, Response

from infra.local.house import open_house
from infra.local.routes import match
from infra.local.wsgi import Gateway

PNG = b"\x89PNG\x00\xff"


@pytest.fixture
def gateway() -> Gateway:
    """Serve a few doors that show what reached them."""
    app = Chalice(app_name="seen", configure_logs=False)

    def seen() -> dict[str, Any]:
        request = app.current_request
        assert request is not None
        return request.to_original_event()

    app.route("/seen", methods=["GET", "POST"], cors=True, content_types=["*/*"])(seen)
    app.route("/people/{person_id}", methods=["GET"])(lambda person_id: {"id": person_id})
    app.route("/people/me", methods=["GET"])(lambda: {"id": "caller"})
    app.route("/image", methods=["GET"])(
        lambda: Response(PNG, headers={"Content-Type": "image/png", "Set-Cookie": ["a=1", "b=2"]})
    )
    return Gateway(open_house(app).app)


def test_query_strings_come_once_and_in_all_their_values(gateway: Gateway) -> None:
    _, _, event = _ask(gateway, "GET", "/seen?a=1&a=2&b=x%20y&c=")

    assert event["queryStringParameters"] == {"a": "2", "b": "x y", "c": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x y"], "c": [""]}


def test_a_request_without_a_query_has_none(gateway: Gateway) -> None:
    _, _, event = _ask(gateway, "GET", "/seen")

    assert event["queryStringParameters"] is None
    assert event["body"] is None
    assert event["requestContext"]["resourcePath"] == "/seen"
    assert event["requestContext"]["requestId"]


def test_text_comes_as_text_and_bytes_as_base64(gateway: Gateway) -> None:
    _, _, text = _ask(gateway, "POST", "/seen", body='{"ä": 1}'.encode())
    _, _, raw = _ask(gateway, "POST", "/seen", body=PNG)

    assert (text["body"], text["isBase64Encoded"]) == ('{"ä": 1}', False)
    assert (raw["body"], raw["isBase64Encoded"]) == (base64.b64encode(PNG).decode(), True)


def test_headers_reach_the_function(gateway: Gateway) -> None:
    _, _, event = _ask(gateway, "GET", "/seen", HTTP_IF_MATCH='"3"')

    assert event["headers"]["if-match"] == '"3"'
    assert event["multiValueHeaders"]["if-match"] == ['"3"']


def test_binary_answers_and_repeated_headers_go_out_as_they_are(gateway: Gateway) -> None:
    status, headers, body = _ask(gateway, "GET", "/image", HTTP_ACCEPT="image/png")

    assert (status, body) == (200, PNG)
    assert [value for name, value in headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_a_fixed_segment_wins_over_a_parameter(gateway: Gateway) -> None:
    assert _ask(gateway, "GET", "/people/me")[2] == {"id": "caller"}
    assert _ask(gateway, "GET", "/people/m%2Fe%C3%A9")[2] == {"id": "m/eé"}


def test_a_browser_may_ask_before_it_sends(gateway: Gateway) -> None:
    status, headers, body = _ask(gateway, "OPTIONS", "/seen")

    assert (status, body) == (204, None)
    assert ("Access-Control-Allow-Origin", "*") in headers
    assert ("Access-Control-Allow-Methods", "GET,OPTIONS,POST") in headers


@pytest.mark.parametrize(
    "method,path,status,code",
    [
        ("GET", "/nothing", 404, "no_such_path"),
        ("GET", "/people/", 404, "no_such_path"),
        ("GET", "/people/a/b", 404, "no_such_path"),
        ("PUT", "/seen", 405, "method_not_allowed"),
        ("OPTIONS", "/people/me", 405, "method_not_allowed"),
    ],
)
def test_what_no_function_serves_is_a_problem(
    gateway: Gateway, method: str, path: str, status: int, code: str
) -> None:
    answered, headers, problem = _ask(gateway, method, path)

    assert (answered, problem["code"], problem["status"]) == (status, code, status)
    assert ("Content-Type", "application/problem+json") in headers
    assert ("Access-Control-Allow-Origin", "*") in headers
    assert "x-request-id" in dict(headers)["Access-Control-Expose-Headers"]


def test_a_body_that_no_function_would_see_is_refused_for_browsers_too(gateway: Gateway) -> None:
    status, headers, problem = _ask(gateway, "POST", "/seen", body=b"x" * (10 * 1024 * 1024 + 1))

    assert (status, problem["code"]) == (413, "too_large")
    assert ("Access-Control-Allow-Origin", "*") in headers


def test_a_refused_method_names_those_that_are_known(gateway: Gateway) -> None:
    assert ("Allow", "GET, OPTIONS, POST") in _ask(gateway, "DELETE", "/seen")[1]


def test_no_route_matches_a_path_of_another_length() -> None:
    assert match({"/a/{b}": {}}, "/a") is None


def _ask(
    gateway: Gateway, method: str, path: str, *, body: bytes = b"", **headers: str
) -> tuple[int, list[tuple[str, str]], Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": path,
        "QUERY_STRING": path.partition("?")[2],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **headers,
    }
    setup_testing_defaults(environ)
    answered: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, found: list[tuple[str, str]], *_: object) -> Any:  # noqa: ANN401
        answered.append((status, found))

    raw = b"".join(gateway(environ, start_response))
    status, found = answered[0]
    is_json = any("json" in value for _, value in found)
    return int(status[:3]), found, json.loads(raw) if is_json else raw or None
