"""One's own leave to send automatically, given and taken back, sequence by sequence (PD-SEQ-15)."""

from datetime import datetime

from chalicelib.domain.crm.users import Caller, Consent
from chalicelib.domain.ids import SequenceId
from chalicelib.services import sequences
from chalicelib.storage.stores import Stores


def find(sequence_id: SequenceId, *, caller: Caller, stores: Stores) -> Consent | None:
    """Return the caller's consent for this sequence, if it was given."""
    sequences.get(sequence_id, caller=caller, stores=stores)
    return stores.consents.find(caller.user_id, sequence_id)


def give(sequence_id: SequenceId, *, caller: Caller, stores: Stores, now: datetime) -> Consent:
    """Let this one sequence send in the caller's name; giving it again changes nothing."""
    given = find(sequence_id, caller=caller, stores=stores)
    if given is not None:
        return given
    consent = Consent(user_id=caller.user_id, sequence_id=sequence_id, given_at=now)
    stores.consents.give(consent)
    return consent


def withdraw(sequence_id: SequenceId, *, caller: Caller, stores: Stores) -> None:
    """Take the consent back; from now on automatic mails wait as drafts."""
    sequences.get(sequence_id, caller=caller, stores=stores)
    stores.consents.withdraw(caller.user_id, sequence_id)
