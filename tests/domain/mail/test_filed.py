"""What is kept of a message can be written down and read again."""

import msgspec

from chalicelib.domain.mail.filed import AttachmentHead, Body
from chalicelib.domain.mail.message import Mailbox


def test_a_body_written_down_reads_back() -> None:
    body = Body(
        text="Yes.",
        html="<p>Yes.</p>",
        visible_text="Yes.",
        to=(Mailbox("paula@acme.test", "Paula"),),
        attachments=(
            AttachmentHead(id="1", name="x", size=1, content_type="a/b", key="t/aaaaaaaaaa/x"),
        ),
    )

    assert msgspec.json.decode(msgspec.json.encode(body), type=Body) == body
