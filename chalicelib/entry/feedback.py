"""SES tells what became of a mail: its events come through the feedback queue."""

import json

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib.entry import wiring
from chalicelib.entry.batches import Failures, one_by_one
from chalicelib.entry.observability import metrics
from chalicelib.entry.pulses import alive
from chalicelib.entry.ses_words import Told, kind_of, read_event
from chalicelib.entry.settings import settings

routes = Blueprint(__name__)


@routes.on_sqs_message(queue="feedback", batch_size=10)
def ses_feedback(event: SQSEvent) -> Failures:
    """Apply every event of the batch; one that fails comes again alone."""
    alive(event, "feedback")
    return one_by_one(event, _hear)


def _hear(body: str) -> None:
    """Apply one event; what does not bear our tags is no mail of a sequence, and only archived."""
    from chalicelib.entry.ses_words import word_of  # noqa: PLC0415 - doors load what they use
    from chalicelib.services import doubts, feedback  # noqa: PLC0415 - as above
    from chalicelib.services.decisions import Bench  # noqa: PLC0415 - as above

    event = read_event(body)
    _archive(event)
    outside = wiring.outside()
    told = word_of(event, outside.mailer.wire_id)
    if told is None:
        return
    tenant_id, word = told
    bench = Bench(stores=wiring.stores_for(tenant_id), outside=outside)
    if feedback.hear(word, bench=bench):
        metrics.add_metric(name="DuplicateMail", unit=MetricUnit.Count, value=1)
    if word.told is feedback.Told.SEND and word.mailed_at and _is_of_our_set(event):
        doubts.word_came(word.mailed_at)


def _is_of_our_set(event: Told) -> bool:
    """Whether it is of the set that sequences send by; word of another proves nothing."""
    named = event["mail"]["tags"].get("ses:configuration-set", ())
    return settings().configuration_set in named


def _archive(event: Told) -> None:
    """Keep every event: after a restore they alone say what was sent."""
    told = json.dumps(event, sort_keys=True)
    mail = event["mail"]
    wiring.archive().keep_event(mail["messageId"], kind_of(event), told, on=mail["timestamp"][:10])
