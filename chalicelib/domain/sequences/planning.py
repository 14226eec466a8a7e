"""When a wait ends and when a mail goes out, and why then: every move forward has its reason.

The plan is pure: asked again it gives the same instant, in the runner, the preview and the
simulator. What has moved stays inside window and working day, so planning it again moves nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import schedule
from chalicelib.domain.sequences.calendars import Absence, Times, Window
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    EmailStep,
    LinkedInStep,
    Step,
    WaitStep,
)
from chalicelib.domain.sequences.durations import spoken
from chalicelib.domain.sequences.enrollment import Enrollment

LATE_AFTER: Final = timedelta(minutes=15)
"""Lateness up to this does not move what follows; more (an outage) is planned anew from now."""
SPREAD_OVER: Final = timedelta(hours=1)
"""Who was moved into a window arrives within its first hour, not all in its first second."""
_MOST_SPREAD: Final = timedelta(hours=4)
_MOST_MOVES: Final = 12
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """An instant, and one sentence that says why then."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class _Move:
    """One step forward, and what for."""

    to: datetime
    reason: str


def wait_over(
    enrollment: Enrollment, step: WaitStep, following: Step | None, since: datetime, times: Times
) -> Planned:
    """Return when a wait ends: moved on already to where what follows it may happen."""
    at = schedule.after(
        since,
        step.wait_for,
        zone=enrollment.zone,
        working_time=step.working_time,
        calendar=times.calendar,
    )
    length = spoken(step.wait_for)
    if step.working_time:
        length = length.replace("day", "working day", 1)
    why = f"{length} after {since:%Y-%m-%d %H:%M} UTC"
    match following:
        case EmailStep(automatic=True):
            spread = schedule.jitter(enrollment.id, following.id, at_most=SPREAD_OVER)
            return _moved(Planned(at, why), times, enrollment.zone, spread, times.window)
        case ActivityStep(assignee=assignee) if assignee != "owner":
            return Planned(at, why)
        case EmailStep() | ActivityStep() | LinkedInStep():
            return _moved(Planned(at, why), times, enrollment.zone, timedelta(), None)
        case _:
            return Planned(at, why)


def mail(enrollment: Enrollment, step: EmailStep, now: datetime, times: Times) -> Planned:
    """Return when an automatic mail goes out; `now` at the earliest.

    One that is late by more than 15 minutes is planned anew and spread over as long as it was late:
    an outage never ends in a blast.
    """
    at = max(enrollment.planned_at or now + step.due_in, now)
    why = "at once: its time has come"
    if at > now:
        why = f"{spoken(step.due_in)} after the step was reached"
    late_for = now - enrollment.due_at if enrollment.due_at is not None else timedelta()
    if late_for > LATE_AFTER:
        at = spread_from(enrollment, now, late_for)
        why = f"planned anew at {now:%Y-%m-%d %H:%M} UTC, for it was {spoken(late_for)} late"
    return mail_from(Planned(at, why), enrollment, step, times)


def mail_from(
    planned: Planned,
    enrollment: Enrollment,
    step: EmailStep,
    times: Times,
    *,
    behind: timedelta = timedelta(),
    over: timedelta = SPREAD_OVER,
) -> Planned:
    """Return `planned`, or the first instant after it at which the mail may go out.

    One that moves into a window arrives there within `over`, and `behind` after it opens.
    """
    spread = behind + schedule.jitter(enrollment.id, step.id, at_most=over)
    return _moved(planned, times, enrollment.zone, spread, times.window)


def back_at(enrollment: Enrollment, now: datetime, times: Times) -> datetime | None:
    """Return when an absent sender is back at work; None if they are not away."""
    absence = times.absence
    if absence is None or _past_absence(now, absence, None, timedelta()) is None:
        return None
    spread = _spread(enrollment, SPREAD_OVER)
    return _moved(Planned(now, ""), times, enrollment.zone, spread, times.window).at


def spread_from(enrollment: Enrollment, now: datetime, over: timedelta) -> datetime:
    """Return an instant from `now` on, so that all who waited for `over` do not come at once."""
    return now + _spread(enrollment, min(max(over, SPREAD_OVER), _MOST_SPREAD))


def _spread(enrollment: Enrollment, at_most: timedelta) -> timedelta:
    return schedule.jitter(enrollment.id, enrollment.step_id or StepId(""), at_most=at_most)


def _moved(
    planned: Planned, times: Times, zone: str, spread: timedelta, window: Window | None
) -> Planned:
    moves = list(_moves(planned.at, times, zone, spread, window))
    if not moves:
        return planned
    place = ZoneInfo(zone)
    begin, end = planned.at.astimezone(place), moves[-1].to.astimezone(place)
    reasons = ", ".join(dict.fromkeys(each.reason for each in moves))
    why = f"{planned.why}; moved from {_said(begin)} to {_said(end)} ({zone}): {reasons}"
    return Planned(moves[-1].to.astimezone(UTC), why)


def _moves(
    at: datetime, times: Times, zone: str, spread: timedelta, window: Window | None
) -> Iterator[_Move]:
    """Yield moves until the instant may stand: each opens what the one before may have shut."""
    for _ in range(_MOST_MOVES):  # pragma: no branch - a bound, should calendars never agree
        move = (
            _into_hours(at, window, zone, spread)
            if window is not None
            else _onto_worked_day(at, times, zone)
        ) or _past_absence(at, times.absence, window, spread)
        if move is None:
            return
        yield move
        at = move.to


def _into_hours(at: datetime, window: Window, zone: str, spread: timedelta) -> _Move | None:
    to = schedule.into_window(at, window, zone=zone, spread=spread)
    if to == at:
        return None
    day = at.astimezone(ZoneInfo(zone)).date()
    if not window.calendar.is_worked(day):
        return _Move(to, window.calendar.why_free(day))
    return _Move(to, f"outside the send window {window.opens:%H:%M}-{window.closes:%H:%M}")


def _onto_worked_day(at: datetime, times: Times, zone: str) -> _Move | None:
    if not times.working_days_only:
        return None
    to = schedule.onto_worked_day(at, times.calendar, zone=zone)
    if to == at:
        return None
    return _Move(to, times.calendar.why_free(at.astimezone(ZoneInfo(zone)).date()))


def _past_absence(
    at: datetime, absence: Absence | None, window: Window | None, spread: timedelta
) -> _Move | None:
    """Move to the day of return: its first hour if a window follows, else the same local time."""
    if absence is None:
        return None
    local = at.astimezone(ZoneInfo(absence.zone)).replace(tzinfo=None)
    last = absence.last_day(local.date())
    if last is None:
        return None
    reason = f"{absence.name} is away until {last:%Y-%m-%d}"
    if window is not None:
        return _Move(schedule.start_of(last + _DAY, zone=absence.zone), reason)
    back = schedule.at_local(last + _DAY, local.time(), zone=absence.zone)
    return _Move(back + spread, reason)


def _said(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %H:%M}"
