"""The description of the API is valid, whole, committed, and costs nobody who does not ask."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any, Final

import pytest
from openapi_spec_validator import validate

from app import app
from chalicelib.entry.openapi.doors import Door, doors_of
from chalicelib.entry.openapi.page import page_of
from chalicelib.entry.promises import Promise
from tests.architecture.house import ROOT
from tests.architecture.openapi import COPY, described, text

DOORS: Final = list(doors_of(app.routes))
NAMES: Final = [door.operation for door in DOORS]

LATE: Final = {
    "chalicelib.entry.openapi",
    "chalicelib.services.inbound",
    "jsonschema",
    "liquid",
    "pydantic",
    "requests",
    "yaml",
}
"""What `import app` must not load: doors load what they use."""


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:  # a document of OpenAPI's, not of ours
    """Describe the API once."""
    return described()


def test_the_document_is_valid(whole: dict[str, Any]) -> None:
    validate(whole)


def test_the_copy_in_docs_shows_what_is_served() -> None:
    assert COPY.read_text() == text(), "see what changed for clients: make openapi, git diff"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_document_does_not_depend_on_the_order_of_sets(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.architecture.openapi"],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
def test_every_door_promises_its_answer_and_says_what_it_is_for(door: Door) -> None:
    promise = door.promise
    summary, _ = door.said()

    assert promise != Promise()
    assert sum(each is not None for each in (promise.gives, promise.lists, promise.says)) == 1
    assert summary.endswith(".")


def test_every_operation_has_a_name_of_its_own() -> None:
    assert [name for name, n in Counter(NAMES).items() if n > 1] == []


def test_components_have_plain_names(whole: dict[str, Any]) -> None:
    assert [name for name in whole["components"]["schemas"] if not name.isalnum()] == []


def test_every_body_refuses_unknown_fields(whole: dict[str, Any]) -> None:
    schemas = whole["components"]["schemas"]
    taken = {
        told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for methods in whole["paths"].values()
        for told in methods.values()
        if "requestBody" in told
    }

    assert [name for name in taken if schemas[name]["additionalProperties"] is not False] == []


def test_clients_read_nothing_of_our_requirements(whole: dict[str, Any]) -> None:
    told = json.dumps(whole)

    assert [word for word in ("PD-", "D365-") if word in told] == []


def test_the_page_shows_every_operation_and_shape(whole: dict[str, Any]) -> None:
    page = page_of(whole)

    assert [name for name in NAMES if f'id="{name}"' not in page] == []
    shapes = whole["components"]["schemas"]
    assert [name for name in shapes if f'id="shape-{name}"' not in page] == []


def test_the_page_loads_nothing(whole: dict[str, Any]) -> None:
    page = page_of(whole)

    assert [
        word for word in ("<script", "<img", "<link", "src=", "url(", "@import") if word in page
    ] == []
    assert len(page) < 800_000


def test_the_app_loads_nothing_that_only_few_doors_use() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import app, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(run.stdout.split())
    assert {name for name in LATE if name in loaded} == set()
