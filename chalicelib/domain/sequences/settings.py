"""How a sequence behaves: every key that its author may set, with its default.

docs/api-settings.md is the table for authors. A key stands here only if something obeys it.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.domain.crm.working_time import Weekday

MOST_NEW_PER_DAY: Final = 100_000

LocalTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
"""A time of day as clocks show it, without its zone."""


class ZoneFrom(StrEnum):
    """Whose clock counts; the other's is the fallback, then the tenant's."""

    RECIPIENT = "recipient"
    SENDER = "sender"


class SendWindow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The local hours in which automatic mails go out: from `opens` until before `closes`."""

    opens: LocalTime = "09:00"
    closes: LocalTime = "17:00"
    days: tuple[Weekday, ...] = tuple(Weekday)

    def __post_init__(self) -> None:
        """Insist on a window that opens at all."""
        if self.opens >= self.closes:
            raise ValueError("`opens` must come before `closes`")
        if not self.days:
            raise ValueError("give at least one day")


class Overdue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manual step that nobody works is skipped this long after it was due."""

    skip_after: Annotated[timedelta, Meta(description="ISO 8601, such as `P5D`.")]

    def __post_init__(self) -> None:
        """Insist on time to do it in."""
        if not timedelta(hours=1) <= self.skip_after <= timedelta(days=90):
            raise ValueError("give `skip_after` from PT1H to P90D")


class ReEnroll(StrEnum):
    """Whether an item whose enrollment is over may come again."""

    NEVER = "never"
    AFTER_END = "after_end"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a sequence behaves; every key has a default."""

    exit_on_reply: bool = True
    exit_on_colleague_reply: bool = False
    send_window: SendWindow | None = None
    working_days_only: bool = False
    time_zone_from: ZoneFrom = ZoneFrom.RECIPIENT
    max_new_per_day: Annotated[int, Meta(ge=1, le=MOST_NEW_PER_DAY)] | None = None
    overdue: Overdue | None = None
    re_enroll: ReEnroll = ReEnroll.AFTER_END
    min_time_since_touch: timedelta | None = None
    failed_automatic_to_manual: bool = False
    track_opens: bool = False
    track_clicks: bool = False
