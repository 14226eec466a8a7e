"""Which rooms are open: those that a function of Lambda needs, all of them anywhere else."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from app import app
from chalicelib.entry.rooms import FUNCTIONS, ROOMS, rooms_along, rooms_for
from tests.architecture.house import ROOT, functions, modules, parsed
from tests.architecture.plot import config
from tests.conftest import ENVIRONMENT

CALLING_AWS_AT_ONCE: Final = (
    "every_minute",
    "inbound_mail",
    "nightly",
    "ses_feedback",
    "unclaimed_mail",
)

# As Lambda: imports the handler's module, then calls the handler with each event.
LAMBDA: Final = """
import importlib, json, os, sys
from types import SimpleNamespace
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="r"
)
module, _, name = os.environ["_HANDLER"].partition(".")
handler = getattr(importlib.import_module(module), name)
def rooms():
    return [name.split(".")[2] for name in sys.modules if name.startswith("chalicelib.entry.")]
steps = [[None, rooms()]]
for event in json.loads(sys.stdin.read()):
    steps.append([handler(event, context), rooms()])
print(json.dumps(steps))
"""


def lived(handler: str, *events: dict[str, Any]) -> list[tuple[Any, set[str]]]:
    """Return what a process of Lambda answered to each event, and what was loaded by then."""
    run = subprocess.run(
        [sys.executable, "-c", LAMBDA],
        cwd=ROOT,
        env={"PATH": os.defpath, **ENVIRONMENT, "_HANDLER": handler},
        input=json.dumps(events),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [(answer, set(loaded)) for answer, loaded in json.loads(run.stdout.splitlines()[-1])]


def asked(method: str, path: str) -> dict[str, Any]:
    """Return a request as API Gateway hands it on."""
    return {
        "requestContext": {"resourcePath": path, "httpMethod": method, "requestId": "r"},
        "headers": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
    }


def test_every_room_with_doors_is_on_the_list_and_no_other() -> None:
    with_doors = {
        module.stem
        for module in modules("chalicelib/entry")
        for node in parsed(module).body
        if isinstance(node, ast.Assign) and ast.unparse(node) == "routes = Blueprint(__name__)"
    }

    assert set(ROOMS) == with_doors


def test_every_function_of_the_plot_has_its_room() -> None:
    planned = {name.replace("api_handler", "app") for name in config()["lambda_functions"]}

    assert planned == FUNCTIONS
    assert {*app.handler_map} >= FUNCTIONS - {"app"}
    assert {name: rooms_for(name) for name in FUNCTIONS - {"app"}} == {
        name: [module.stem for module in modules("chalicelib/entry") if name in _defined(module)]
        for name in FUNCTIONS - {"app"}
    }


def test_every_path_leads_to_the_room_of_its_doors() -> None:
    rooms_by_path = {
        path: {entry.view_function.__module__.rpartition(".")[2] for entry in entries.values()}
        for path, entries in app.routes.items()
    }

    assert [
        path for path, rooms in rooms_by_path.items() if not rooms <= {*rooms_along(path)}
    ] == []
    assert {call for calls in ROOMS.values() for call in calls if call.startswith("/")} == {
        f"/{path.removeprefix('/v1').split('/')[1]}" for path in rooms_by_path
    }


def test_who_describes_the_api_sees_all_of_it() -> None:
    of_http = {
        entry.view_function.__module__.rpartition(".")[2]
        for entries in app.routes.values()
        for entry in entries.values()
    }

    assert set(rooms_along("/v1/openapi.json")) == set(rooms_along("/v1/docs")) == of_http


@pytest.mark.parametrize("function", sorted(FUNCTIONS - {"app", *CALLING_AWS_AT_ONCE}))
def test_a_function_opens_its_own_room_and_answers_its_event(function: str) -> None:
    (_, open_at_first), (answer, _) = lived(f"app.{function}", {"Records": []})

    assert answer == (None if function == "table_changes" else {"batchItemFailures": []})
    assert open_at_first & set(ROOMS) == {*rooms_for(function)}
    assert "http" not in open_at_first


def test_the_api_opens_a_room_when_it_is_asked_for_something_in_it() -> None:
    steps = lived(
        "app.app",
        asked("GET", "/v1/health"),
        asked("GET", "/v1/leads"),
        asked("DELETE", "/v1/leads"),
        asked("GET", "/v1/openapi.json"),
    )

    assert [answer["statusCode"] for answer, _ in steps[1:]] == [200, 401, 405, 200]
    assert [len(loaded & set(ROOMS)) for _, loaded in steps] == [1, 1, 3, 3, 31]
    assert sorted(steps[2][1] & set(ROOMS)) == ["health", "item_moves", "items"]
    assert steps[2][0]["headers"]["Access-Control-Allow-Origin"] == "*"
    assert len(json.loads(steps[4][0]["body"])["paths"]) == len(app.routes)


def test_who_calls_strangers_does_not_even_load_what_leads_to_the_table() -> None:
    ((_, of_calls), _), ((_, of_news), _) = (
        lived(f"app.{name}", {"Records": []}) for name in ("webhook_calls", "webhook_news")
    )

    assert "wiring" not in of_calls
    assert "wiring" in of_news


def test_a_function_that_the_house_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(AssertionError, match=r"no function 'due_enrolments', but app, bulk_work"):
        lived("app.due_enrolments")


def _defined(module: Path) -> set[str]:
    return {name for name, _ in functions(module)}
