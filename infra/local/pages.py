"""The stack's own pages beside the API: its clock and its outbox (`spec/api.md`, last section)."""

import html
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from chalicelib.domain.sequences.durations import read_duration
from chalicelib.entry.problems import problem
from infra.local.outbox import Outbox
from infra.local.virtual import BackwardsError, LocalClock, Mover
from infra.local.wsgi import Headers, WsgiApp, raw_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX: Final = "/_local/"
CLOCK: Final = "/_local/clock"
OUTBOX: Final = "/_local/outbox"
FARTHEST: Final = timedelta(days=3660)


class RefusedError(Exception):
    """The page does not do what it is asked; status, code and sentence."""


class Pages:
    """Answers what begins with `/_local/`; hands everything else on to the API."""

    def __init__(self, api: WsgiApp, *, clock: LocalClock, mover: Mover, outbox: Outbox) -> None:
        """Stand before `api`."""
        self._api = api
        self._clock = clock
        self._mover = mover
        self._outbox = outbox

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request."""
        if not raw_path(environ).startswith(PREFIX):
            return self._api(environ, start_response)
        try:
            status, content_type, body = self._answer(environ)
        except RefusedError as error:
            status, code, detail = error.args
            answer = problem(status, code, detail, request_id=str(uuid.uuid4()))
            content_type, body = "application/problem+json", answer.body
        headers: Headers = [("Content-Type", content_type), ("Cache-Control", "no-store")]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body.encode()]

    def _answer(self, environ: "WSGIEnvironment") -> tuple[int, str, str]:
        match environ["REQUEST_METHOD"], raw_path(environ):
            case "GET", "/_local/clock":
                return _json({"now": _instant(self._clock.now())})
            case "POST", "/_local/clock":
                return _json({"now": _instant(self._move(_body(environ)))})
            case "GET", "/_local/outbox":
                since = parse_qs(environ.get("QUERY_STRING", "")).get("since_id", [None])[0]
                entries = self._outbox.since(since)
                if "text/html" in environ.get("HTTP_ACCEPT", ""):
                    return 200, "text/html; charset=utf-8", page_of(entries)
                return _json({"data": entries})
            case _, "/_local/clock" | "/_local/outbox":
                raise RefusedError(405, "method_not_allowed", "GET; the clock also knows POST.")
            case _:
                raise RefusedError(404, "no_such_path", f"There are {CLOCK} and {OUTBOX} here.")

    def _move(self, asked: dict[str, Any]) -> datetime:
        try:
            match asked:
                case {"advance": str(text)} if len(asked) == 1:
                    return self._mover.advance(_not_too_far(_read_duration(text)))
                case {"to": str(text)} if len(asked) == 1:
                    target = _read_instant(text)
                    _not_too_far(target - self._clock.now())
                    return self._mover.to(target)
                case _:
                    detail = 'Send {"advance": "P1D"} or {"to": "2030-01-01T09:00:00Z"}.'
                    raise RefusedError(422, "wrong_body", detail)
        except BackwardsError:
            detail = f"The clock never goes back; it is {_instant(self._clock.now())}."
            raise RefusedError(422, "clock_goes_forward", detail) from None


def page_of(entries: list[dict[str, Any]]) -> str:
    """Draw the outbox for a person, newest first."""
    mails = "".join(_mail(entry) for entry in reversed(entries)) or "<p>Nothing was sent yet.</p>"
    style = (
        "body{font:15px system-ui;max-width:60rem;margin:2rem auto}"
        "article{border:1px solid #ccc;padding:1rem;margin:1rem 0}"
        "pre{white-space:pre-wrap}iframe{width:100%;height:16rem;border:1px solid #eee}"
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outbox</title>'
        f"<style>{style}</style><h1>Outbox: {len(entries)} sent</h1>{mails}</html>"
    )


def _mail(entry: dict[str, Any]) -> str:
    def cell(name: str) -> str:
        return html.escape(str(entry[name] or ""))

    headers = html.escape("\n".join(f"{name}: {value}" for name, value in entry["headers"]))
    if entry["html"] is None:
        body = f"<pre>{cell('text')}</pre>"
    else:
        # A frame of its own, without scripts: what we send is shown, not run.
        body = f'<iframe sandbox srcdoc="{cell("html")}"></iframe>'
    return (
        f"<article><b>{cell('subject')}</b><br>{cell('from')} to {cell('to')}, {cell('at')}"
        f"{body}<details><summary>Headers</summary><pre>{headers}</pre></details></article>"
    )


def _json(body: object) -> tuple[int, str, str]:
    return 200, "application/json", json.dumps(body)


def _body(environ: "WSGIEnvironment") -> dict[str, Any]:
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        asked = json.loads(raw)
    except ValueError:
        raise RefusedError(400, "malformed", "The body is not JSON.") from None
    if not isinstance(asked, dict):
        raise RefusedError(422, "wrong_body", "The body must be an object.")
    return asked


def _read_duration(text: str) -> timedelta:
    try:
        return read_duration(text)
    except ValueError as error:
        raise RefusedError(422, "wrong_duration", str(error)) from None


def _not_too_far(by: timedelta) -> timedelta:
    if by > FARTHEST:
        raise RefusedError(422, "too_far", "The clock jumps at most ten years.")
    return by


def _read_instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        detail = "`to` is an RFC 3339 instant with its offset, such as 2030-01-01T09:00:00Z."
        raise RefusedError(422, "wrong_instant", detail)
    return found.astimezone(UTC)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
