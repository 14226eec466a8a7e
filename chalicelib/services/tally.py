"""Adds what a change of the table did to the figures of its steps."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.figures import BY_MAIL_STATUS, Figure, figures_of
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.services import ab_tests
from chalicelib.services.decisions import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened at one step: a line of history, or a new status of a mail."""

    step_id: StepId
    type: str
    state: str

    def figures(self) -> tuple[Figure, ...]:
        """Return which figures it adds one to."""
        if self.type == "mail":
            figure = BY_MAIL_STATUS.get(MailStatus(self.state))
            return (figure,) if figure else ()
        return figures_of(self.type, self.state)


def add(
    sequence_id: SequenceId, happened: Sequence[Happened], *, event_id: str, bench: Bench
) -> None:
    """Tally one change, exactly once however often it is heard of."""
    added: dict[StepId, Counter[Figure]] = defaultdict(Counter)
    for each in happened:
        added[each.step_id].update(each.figures())
    counted = {step_id: figures for step_id, figures in added.items() if figures}
    if counted:
        bench.stores.figures.add(sequence_id, counted, event_id=event_id, now=bench.now())
        ab_tests.settle_all(sequence_id, counted, bench=bench)
