"""What imagined mails leave of a tenant's daily caps: the caps and the queue are the runner's own.

Nothing is kept outside: a simulation counts for itself what it would have sent.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.sequences import budget
from chalicelib.domain.sequences.calendars import Times
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.planning import Planned

_NAMES: Final = {"tenant": "account", "sender": "sender", "domain": "recipient_domain"}


class Allowances:
    """The caps of one tenant, and what is used of them day by day."""

    def __init__(self, house: TenantSettings) -> None:
        """Begin with every day unused."""
        self._house = house
        self._place = ZoneInfo(house.time_zone)
        self._used: Counter[tuple[str, date]] = Counter()
        self._in_vain: Counter[tuple[str, date]] = Counter()
        self.collisions: Counter[str] = Counter()
        """How often a mail found a cap used up, by whose it is."""

    def take(
        self,
        enrollment: Enrollment,
        step: EmailStep,
        recipients: Collection[str],
        times: Times,
        now: datetime,
    ) -> Planned | None:
        """Use what one mail needs; or, if a cap is used up, return when it may try again."""
        day = now.astimezone(self._place).date()
        caps = budget.caps_on(enrollment, recipients, self._house)
        for cap in caps:
            share = (cap.scope, day)
            if self._used[share] < cap.a_day:
                continue
            self._in_vain[share] += 1
            self.collisions[_NAMES[cap.scope.partition("#")[0]]] += 1
            in_vain, zone = self._in_vain[share], self._house.time_zone
            return budget.queued(enrollment, step, now, times, cap, in_vain, zone)
        self._used.update((cap.scope, day) for cap in caps)
        return None
