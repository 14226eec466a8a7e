"""The mail inside a mail: attached whole, which says it best, or written into the body."""

from typing import Final

from chalicelib.domain.mail.bodies import read_bodies
from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.budget import BUDGET
from chalicelib.domain.mail.dates import parse_date
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.forwards import read_forward
from chalicelib.domain.mail.message import Forwarded
from chalicelib.domain.mail.parts import Part
from chalicelib.domain.mail.people import people_in, sender_of

_LONGEST: Final = 200_000


def read_enclosed(root: Part, *, body: Body, subject: str) -> Forwarded | None:
    """Return the mail that was forwarded in this one; a report encloses what it is about."""
    if root.content_type == "multipart/report":
        return None
    for part in root.walk():
        if part.content_type == "message/rfc822" and part.children:
            return _attached(part.children[0], body.text)
    return read_forward(body, subject=subject, is_in_reply="in-reply-to" in root.headers)


def _attached(inner: Part, text_above: str) -> Forwarded:
    headers = inner.headers
    body = read_bodies(inner, budget=BUDGET, defects=Defects()).read().said[:_LONGEST]
    date = headers.first("date")
    return Forwarded(
        how="attached",
        from_=sender_of(headers.first("from")),
        to=people_in(", ".join(headers.all("to"))),
        cc=people_in(", ".join(headers.all("cc"))),
        subject=headers.decoded("subject"),
        date=date,
        dated_at=parse_date(date),
        body=body,
        text_above=text_above.strip(),
        inside=read_forward(Body(body)),
    )
