"""The one logger and the one book of figures, and their middleware.

Logs carry ids and reasons only: never bodies, addresses, subjects or the text of an exception,
which may quote any of them. Floors below do not log.
"""

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger, Metrics
from chalice.app import ConvertToMiddleware

if TYPE_CHECKING:
    from chalice.app import Chalice

logger = Logger(service="sekvens")
metrics = Metrics(namespace="Sekvens", service="sekvens")


def observe(app: "Chalice") -> None:
    """Give every door the logger's context, and publish its figures when it ends.

    Call this before blueprints are registered, on a `Chalice(configure_logs=False)`: else each line
    of this logger would appear twice.
    """
    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
    app.register_middleware(_publish)


def log_unforeseen(error: Exception, **ids: str | None) -> None:
    """Record a bug or an outage once, by its type and place."""
    present = {name: value for name, value in ids.items() if value is not None}
    logger.error(
        "unforeseen",
        extra={"error": type(error).__qualname__, "where": _frames(error), **present},
    )


def _publish(event: object, get_response: Callable[[object], object]) -> object:
    try:
        return get_response(event)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
            # Where figures are switched off nothing is told, but all would be kept for the next.
            metrics.clear_metrics()


def _frames(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
