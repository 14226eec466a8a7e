"""The shapes of an answer: one thing, a new thing, part of a list, a thing that is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from chalice.app import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a view says; `secret` names a field of its data that is shown once and never stored."""

    body: object
    status: int = 200
    content_type: str = "application/json"
    next_cursor: Mapping[str, object] | None = None
    secret: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the body as it goes over the wire."""
        if isinstance(self.body, str):
            return self.body
        return msgspec.json.encode(self.body).decode()

    def without_secret(self) -> str:
        """Return the body as it may be kept."""
        if self.secret is None:
            return self.text()
        body = msgspec.json.decode(self.text(), type=dict[str, dict[str, object]])
        shown = {name: value for name, value in body["data"].items() if name != self.secret}
        return msgspec.json.encode({"data": {**shown, "secret_shown": True}}).decode()


def data(body: object, *, status: int = 200) -> Answer:
    """Answer one thing; 202 for work that goes on."""
    return Answer(body={"data": body}, status=status)


def created(body: object, *, secret: str | None = None) -> Answer:
    """Answer a thing that did not exist before."""
    return Answer(body={"data": body}, status=201, secret=secret)


def asked_for(job_id: str) -> Answer:
    """Answer that work goes on as a job."""
    return data({"job_id": job_id}, status=202)


def deleted(of: str) -> Answer:
    """Answer that the thing with this id is gone."""
    return data({"id": of, "deleted": True})


def page(rows: Sequence[object], next_cursor: Mapping[str, object] | None) -> Answer:
    """Answer part of a list; the position, if any, is sealed on its way out."""
    return Answer(
        body={"data": rows, "additional_data": {"next_cursor": None}}, next_cursor=next_cursor
    )


def text(body: str, *, content_type: str, status: int = 200) -> Answer:
    """Answer what is not JSON: a drawing, a page."""
    return Answer(body=body, content_type=content_type, status=status)


def response_of(answer: Answer, request_id: str) -> Response:
    """Put an answer on the wire."""
    # A line of its own on a terminal: JSON does not mind.
    ending = "\n" if answer.content_type == "application/json" else ""
    return Response(
        answer.text() + ending,
        status_code=answer.status,
        headers={
            "Content-Type": answer.content_type,
            "x-request-id": request_id,
            **answer.headers,
        },
    )
