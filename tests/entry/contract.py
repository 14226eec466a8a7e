"""Holds every answer that a test gets against what OpenAPI says of its door.

Stricter than a client may be: a field that is not described, a status or a code that is not
foretold, and a body that was taken but is not described, all fail.
"""

import json
from functools import cache
from typing import Any, Final

from chalice.test import HTTPResponse
from jsonschema import Draft202012Validator, FormatChecker

from app import app
from infra.local.routes import match
from tests.architecture.openapi import described

Json = dict[str, Any]

_FORMATS: Final = FormatChecker(["date-time"])
_SPOKEN: Final = "application/json"


def hold(method: str, target: str, sent: bytes, answer: HTTPResponse) -> None:
    """Fail if the answer is not as described; what no door took is not described."""
    found = match(app.routes, target.partition("?")[0])
    told = described_at(method, found.resource) if found else None
    if told is None:
        return
    status = str(answer.status_code)
    assert status in told["responses"], f"{method} {target}: {status} {answer.body!r}"
    expected = resolved(told["responses"][status])
    media = answer.headers["Content-Type"]
    assert media in expected["content"], f"{method} {target}: {media}"
    if media.endswith("json"):
        held(expected["content"][media]["schema"], json.loads(answer.body))
    if answer.status_code < 300 and "requestBody" in told:
        held(told["requestBody"]["content"][_SPOKEN]["schema"], json.loads(sent or b"{}"))


def held(schema: Json, value: object) -> None:
    """Fail if the value is not as the schema says."""
    rooted = {**schema, "components": whole()["components"]}
    Draft202012Validator(rooted, format_checker=_FORMATS).validate(value)


def described_at(method: str, path: str) -> Json | None:
    """Return what is said of one door."""
    told: Json | None = whole()["paths"].get(path, {}).get(method.lower())
    return told


def resolved(answer: Json) -> Json:
    """Return an answer, also one that doors share."""
    if "$ref" not in answer:
        return answer
    shared: Json = whole()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return shared


@cache
def whole() -> Json:
    """Return the document, in which what is not described is not allowed."""
    document = described()
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document
