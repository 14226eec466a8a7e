"""A POST that is repeated with the same `Idempotency-Key` happens once.

The first answer is kept for 24 hours, refusals too, and given again. What failed on our side, or
was only too much at once, is forgotten: its repetition runs anew. Secrets are never kept.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Final

from chalice.app import Response

from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import (
    DomainError,
    MalformedError,
    Problem,
    RuleError,
    StateError,
    ThrottledError,
)
from chalicelib.entry.answering import Answer, response_of
from chalicelib.entry.problems import refused
from chalicelib.storage.idempotency import IdempotencyStore, Kept

_LONGEST_KEY: Final = 255
_MOST_KEPT: Final = 300_000
"""Characters; a row holds 400 KB. No POST answers nearly so much."""
_OUR_FAULT: Final = 500


class TwinInFlightError(StateError):
    """The same request is being worked on at this moment."""

    code = "request_in_flight"
    sentence = "The same request is still being worked on; repeat it in {retry_after} s."


class KeyReusedError(RuleError):
    """The key was sent before, with something else."""

    code = "idempotency_key_reused"


def answer_once(
    run: Callable[[], Answer],
    *,
    key: str,
    route: str,
    sent: bytes,
    request_id: str,
    caller: Caller,
    store: IdempotencyStore,
    owner: str,
    now: datetime,
) -> Response:
    """Run the view, or repeat what it answered to the same key before."""
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_KEY):
        raise MalformedError(reason="`Idempotency-Key` must be 1 to 255 ASCII characters")
    place = store.place(caller.token_id, route, key)
    request_hash = sha256(sent).hexdigest()
    known = store.begin(place, request_hash=request_hash, owner=owner, now=now)
    if known is not None:
        return _repeated(known, request_hash, request_id)
    try:
        response, kept = _run(run, request_id)
    except BaseException:
        store.release(place, owner=owner)
        raise
    if len(kept) > _MOST_KEPT or response.status_code >= _OUR_FAULT:
        store.release(place, owner=owner)
        return response
    content_type = str(response.headers["Content-Type"])
    store.finish(
        place, owner=owner, status=response.status_code, content_type=content_type, body=kept
    )
    return response


def _run(run: Callable[[], Answer], request_id: str) -> tuple[Response, str]:
    """Return the answer, and its body as it may be kept; a refusal is an answer too."""
    try:
        answer = run()
    except ThrottledError:
        raise
    except DomainError as error:
        response = refused(error, request_id)
        return response, str(response.body)
    return response_of(answer, request_id), answer.without_secret()


def _repeated(known: Kept, request_hash: str, request_id: str) -> Response:
    if known.request_hash != request_hash:
        message = "This key was sent before with another body; use a new key."
        raise KeyReusedError(Problem(path="Idempotency-Key", code="reused", message=message))
    if known.status is None:
        raise TwinInFlightError(retry_after=1)
    again = Answer(body=known.body, status=known.status, content_type=known.content_type)
    return response_of(again, request_id)
