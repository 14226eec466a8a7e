"""What all items of an enrolling job share, as its row keeps it, and how some of them enter."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import msgspec

from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import ItemId, SequenceId, StepId, UserId
from chalicelib.domain.jobs.job import HopelessError, Job
from chalicelib.services import enrolling
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs.askers import caller_of
from chalicelib.services.outcomes import Mark, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Into which sequence, for whom, from which step on; or only whether."""

    sequence_id: SequenceId
    owner_id: UserId | None = None
    start_step_id: StepId | None = None
    is_dry_run: bool = False

    @classmethod
    def of(cls, job: Job) -> Self:
        """Read the terms from a job."""
        return msgspec.convert(job.about, cls, strict=False)

    def insist(self, caller_id: UserId, *, bench: Bench) -> None:
        """Refuse at once what makes the direct request fail as a whole."""
        self._enroll((), caller_id, None, bench)

    def enroll(
        self, item_ids: Collection[ItemId], job: Job, mark: Mark, *, bench: Bench
    ) -> list[Outcome]:
        """Enroll some items; raises HopelessError if the sequence takes nobody any more.

        Who asked for it must still be there.
        """
        asker = caller_of(job, stores=bench.stores)
        try:
            return self._enroll(item_ids, asker.user_id, mark, bench)
        except (enrolling.SequenceNotActiveError, MissingError) as gone:
            raise HopelessError(why=f"{gone.detail} Who was enrolled so far stays.") from gone

    def _enroll(
        self, item_ids: Collection[ItemId], caller_id: UserId, mark: Mark | None, bench: Bench
    ) -> list[Outcome]:
        return enrolling.enroll(
            self.sequence_id,
            item_ids=item_ids,
            caller_id=caller_id,
            owner_id=self.owner_id,
            start_step_id=self.start_step_id,
            is_dry_run=self.is_dry_run,
            mark=mark,
            bench=bench,
        )
