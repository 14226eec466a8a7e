"""Every night: what is counted in passing is counted anew, tenant by tenant."""

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, CloudWatchEvent, Cron

from chalicelib.entry import wiring
from chalicelib.entry.observability import logger, metrics

routes = Blueprint(__name__)


@routes.schedule(Cron(15, 1, "*", "*", "?", "*"))
def nightly(event: CloudWatchEvent) -> None:
    """Ask for one recount a tenant; `bulk` does them."""
    from chalicelib.services import nightly as rounds  # noqa: PLC0415 - doors load what they use

    del event
    wiring.point_at_table()
    asked = rounds.begin(stores_for=wiring.stores_for, now=wiring.clock().now())
    metrics.add_metric(name="RecountsAsked", unit=MetricUnit.Count, value=asked)
    logger.info("recounts asked for", extra={"tenants": asked})
