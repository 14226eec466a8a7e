"""Queue doors of webhooks: `webhook` has the table, `call` speaks to strangers, neither both."""

import msgspec
from chalice.app import Blueprint, SQSEvent

from chalicelib.domain.ids import TenantId, WebhookId
from chalicelib.domain.webhooks.news import News
from chalicelib.domain.webhooks.parcels import Called
from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one

routes = Blueprint(__name__)


class Told(msgspec.Struct, frozen=True):
    """A message for `webhook`: what happened, a parcel to look at, or what came of a call."""

    t: str
    news: list[News] = []
    look: tuple[str, str] | None = None
    called: tuple[str, str, int] | None = None
    answer: Called | None = None


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


@routes.on_sqs_message(queue="webhook", batch_size=10)
def webhook_news(event: SQSEvent) -> Failures:
    """Begin parcels, make their next tries, keep what came of them; speaks to no stranger."""
    return one_by_one(event, _tell)


# One letter at a time: behind a stranger who takes five seconds nobody else's letter waits.
@routes.on_sqs_message(queue="call", batch_size=1)
def webhook_calls(event: SQSEvent) -> Failures:
    """Post to strangers; this function may not touch the table, nor anything that we keep."""
    return one_by_one(event, _call)


def _tell(body: str) -> None:
    from chalicelib.services import telling  # noqa: PLC0415 - doors load what they use
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    told = msgspec.json.decode(body, type=Told)
    bench = Bench(stores=wiring.stores_for(TenantId(told.t)), outside=wiring.outside())
    if told.news:
        telling.tell(told.news, bench=bench)
    if told.look:
        telling.look(WebhookId(told.look[0]), told.look[1], bench=bench)
    if told.called and told.answer:
        webhook_id, parcel_id, of_try = told.called
        telling.hear(WebhookId(webhook_id), parcel_id, told.answer, of_try=of_try, bench=bench)


def _call(body: str) -> None:
    letter = msgspec.json.decode(body, type=Letter)
    called = wiring.calls().post(letter.url, headers=letter.headers, body=letter.body)
    answer = {**msgspec.to_builtins(letter.back), "answer": called}
    told = [msgspec.json.encode(answer).decode()]
    wiring.outside().queues.send("webhook", told, tenant_id=TenantId(letter.back.t))
