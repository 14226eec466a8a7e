"""Tells what passes by itself (an outage, a throttle, a race) from what will fail for ever.

An outage must never park anybody: what AWS could not do comes again from the queue.
"""

from pathlib import Path
from traceback import extract_tb

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.gateways.queues import QueueRefusedError
from chalicelib.storage.outages import LASTING, is_outage


def is_passing(error: Exception) -> bool:
    """Whether the same may go well later although nobody mends anything."""
    match error:
        case ClientError():
            return error.response.get("Error", {}).get("Code") not in LASTING
        case ThrottledError() | StaleWriteError() | QueueRefusedError():
            return True
        case BotoCoreError() | ResponseParserError():
            return True
        case _:
            return isinstance(error, OSError) or is_outage(error)


def name_of(error: Exception) -> str:
    """Say what failed and where, without the error's text: that may quote what is private."""
    frames = [each for each in extract_tb(error.__traceback__) if "chalicelib" in each.filename]
    where = f" in {Path(frames[-1].filename).stem}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
