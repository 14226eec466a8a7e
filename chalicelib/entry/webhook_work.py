"""The queue door of webhooks that has the table; who speaks to strangers is `calling`."""

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


@routes.on_sqs_message(queue="webhook", batch_size=10)
def webhook_news(event: SQSEvent) -> Failures:
    """Begin parcels, make their next tries, keep what came of them; speaks to no stranger."""
    return one_by_one(event, _tell)


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
