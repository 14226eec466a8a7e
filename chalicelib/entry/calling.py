"""Queue door to strangers: posts what another function wrote and signed, tells what came of it."""

import msgspec
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import TenantId
from chalicelib.entry import lines
from chalicelib.entry.batches import Failures, one_by_one

routes = Blueprint(__name__)


class Back(msgspec.Struct, frozen=True):
    """Whose call it is: told back as it came."""

    t: str
    called: tuple[str, str, int]


class Letter(msgspec.Struct, frozen=True):
    """A message for `call`: what to post where, written and signed."""

    back: Back
    url: str
    headers: dict[str, str]
    body: str


# One letter at a time: behind a stranger who takes five seconds nobody else's letter waits.
@routes.on_sqs_message(queue="call", batch_size=1)
def webhook_calls(event: SQSEvent) -> Failures:
    """Post to strangers; this function may not touch the table, nor anything that we keep."""
    return one_by_one(event, _call)


def _call(body: str) -> None:
    letter = msgspec.json.decode(body, type=Letter)
    called = lines.calls().post(letter.url, headers=letter.headers, body=letter.body)
    answer = {**msgspec.to_builtins(letter.back), "answer": called}
    told = [msgspec.json.encode(answer).decode()]
    lines.queues().send("webhook", told, tenant_id=TenantId(letter.back.t))
