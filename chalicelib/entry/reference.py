"""HTTP doors to the API's own description: OpenAPI for programs, a page for people."""

from dataclasses import replace
from functools import cache
from typing import Any, Final

import msgspec
from chalice.app import Blueprint

from chalicelib.entry.http import Answer, OpenRequest, answers_anyone, text
from chalicelib.entry.promises import promises
from chalicelib.entry.settings import settings

routes = Blueprint(__name__)

_JSON: Final = "application/json"
_HTML: Final = "text/html; charset=utf-8"
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


@routes.route("/v1/openapi.json", methods=["GET"], cors=True)
@answers_anyone(routes)
@promises(says=_JSON)
def get_openapi(request: OpenRequest) -> Answer:
    """Describe this API as OpenAPI 3.1."""
    del request
    return text(_as_json(settings().public_url), content_type=_JSON)


@routes.route("/v1/docs", methods=["GET"], cors=True)
@answers_anyone(routes)
@promises(says=_HTML)
def get_docs(request: OpenRequest) -> Answer:
    """Describe this API as a page that loads nothing else."""
    del request
    answer = text(_as_page(), content_type=_HTML)
    return replace(answer, headers={"Content-Security-Policy": _POLICY})


@cache
def _as_json(server: str) -> str:
    return msgspec.json.encode({**_document(), "servers": [{"url": server}]}).decode()


@cache
def _as_page() -> str:
    from chalicelib.entry.openapi.page import page_of  # noqa: PLC0415 - only this door needs it

    return page_of(_document())


def _document() -> dict[str, Any]:  # a document of OpenAPI's, not of ours
    from chalicelib.entry.openapi.document import document  # noqa: PLC0415 - as above

    return document(routes.current_app.routes)
