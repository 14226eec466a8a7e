"""One's own leave to send automatically, given and taken back, sequence by sequence (PD-SEQ-15)."""

from contextlib import suppress
from typing import Final

from chalicelib.domain.crm.users import Caller, Consent
from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import SequenceId
from chalicelib.services import sequences, working
from chalicelib.services.decisions import Bench
from chalicelib.services.gates import CONSENT_MISSING
from chalicelib.storage.stores import Stores

_PAGE: Final = 100
_MOST_PAGES: Final = 10
"""So far into a feed a request looks; `POST /v1/pulse/bulk` with `retry` goes on from there."""


def find(sequence_id: SequenceId, *, caller: Caller, stores: Stores) -> Consent | None:
    """Return the caller's consent for this sequence, if it was given."""
    sequences.get(sequence_id, caller=caller, stores=stores)
    return stores.consents.find(caller.user_id, sequence_id)


def give(sequence_id: SequenceId, *, caller: Caller, bench: Bench) -> Consent:
    """Let this one sequence send in the caller's name; giving it again changes nothing.

    Mails that were held for want of it go out by themselves now, as if it had been there.
    """
    given = find(sequence_id, caller=caller, stores=bench.stores)
    if given is not None:
        return given
    consent = Consent(user_id=caller.user_id, sequence_id=sequence_id, given_at=bench.now())
    bench.stores.consents.give(consent)
    _let_go(sequence_id, caller, bench)
    return consent


def _let_go(sequence_id: SequenceId, caller: Caller, bench: Bench) -> None:
    """Try again what was held; whoever worked it meanwhile was quicker, and that is all right."""
    cursor = None
    for _ in range(_MOST_PAGES):
        tasks, cursor = bench.stores.tasks.page(caller.user_id, limit=_PAGE, cursor=cursor)
        for task in tasks:
            if task.sequence_id == sequence_id and task.why.startswith(CONSENT_MISSING):
                with suppress(StateError):
                    working.retry(task.id, by=caller.user_id, bench=bench)
        if cursor is None:
            return


def withdraw(sequence_id: SequenceId, *, caller: Caller, stores: Stores) -> None:
    """Take the consent back; from now on automatic mails wait as drafts."""
    sequences.get(sequence_id, caller=caller, stores=stores)
    stores.consents.withdraw(caller.user_id, sequence_id)
