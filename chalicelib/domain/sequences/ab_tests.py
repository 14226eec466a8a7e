"""A/B tests: who gets which version, and when one of the two is better.

A version is drawn once, from enrollment and step alone, so that everybody who asks hears the same.
Whether one is better is asked again with every mail and every answer; who looks a thousand times
finds a difference by chance, so before the end of a test the bar is high. At the end it is the
usual one. A small sample proves nothing either way.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from chalicelib.domain.ids import EnrollmentId, StepId

LEAST_BEFORE_END: Final = 100
"""So many mails of each version must be out before a test may end by itself."""
LEAST_AT_END: Final = 30
"""So many mails of each version, for its last day to name a winner."""
BAR_BEFORE_END: Final = 3.3
"""Standard errors between the two; looked at after every mail, chance gets there once in fifty."""
BAR_AT_END: Final = 1.96
"""Looked at once: chance gets there once in twenty."""
_SLOTS: Final = 10_000


class Letter(StrEnum):
    """The two versions of an A/B test."""

    A = "a"
    B = "b"


class Metric(StrEnum):
    """What the better version has more of."""

    GOAL = "goal"
    CLICKED = "clicked"
    OPENED = "opened"


class MailVersion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One of the two texts that an A/B test tries."""

    template_id: str | None = None
    subject: str | None = None
    body: str | None = None


class TestState(StrEnum):
    """Where a test stands (Dynamics 2.1)."""

    __test__ = False  # pytest takes the name for a test's

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    STOPPED = "stopped"
    ENDED = "ended"


class Result(StrEnum):
    """What came of a test."""

    CLEAR_WINNER = "clear_winner"
    NOT_CONCLUSIVE = "not_conclusive"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often a version went out, and how often it did what the test is about."""

    sent: int
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The end of a test: which version later arrivals get, and why."""

    letter: Letter
    result: Result
    decided_at: datetime

    @property
    def state(self) -> TestState:
        """Whether a person ended it."""
        return TestState.STOPPED if self.result is Result.STOPPED else TestState.ENDED


def letter_of(enrollment_id: EnrollmentId, step_id: StepId, share_a: int) -> Letter:
    """Draw the version of one enrollment; `share_a` of a hundred get A."""
    digest = sha256(f"ab {enrollment_id} {step_id}".encode()).digest()
    slot = int.from_bytes(digest[:8]) % _SLOTS
    return Letter.A if slot < share_a * _SLOTS // 100 else Letter.B


def figure_key(step_id: StepId, letter: Letter) -> StepId:
    """Name the figures of one version of a step."""
    return StepId(f"{step_id}#{letter.value}")


def letter_in(versions: tuple[str, ...], step_id: StepId) -> Letter | None:
    """Return which version of a step an enrollment got, of those it remembers."""
    return next((each for each in Letter if figure_key(step_id, each) in versions), None)


def verdict(
    a: Score, b: Score, *, default: Letter, ends_at: datetime | None, now: datetime
) -> Verdict | None:
    """Return how the test ends, or None while it goes on."""
    is_over = ends_at is not None and now >= ends_at
    least, bar = (LEAST_AT_END, BAR_AT_END) if is_over else (LEAST_BEFORE_END, BAR_BEFORE_END)
    distance = standard_errors(a, b)
    if min(a.sent, b.sent) >= least and abs(distance) >= bar:
        better = Letter.A if distance > 0 else Letter.B
        return Verdict(letter=better, result=Result.CLEAR_WINNER, decided_at=now)
    if is_over:
        return Verdict(letter=default, result=Result.NOT_CONCLUSIVE, decided_at=now)
    return None


def standard_errors(a: Score, b: Score) -> float:
    """Return how far A is ahead of B: the z of two proportions, pooled."""
    if not a.sent or not b.sent:
        return 0.0
    hits_a, hits_b = min(a.hits, a.sent), min(b.hits, b.sent)
    pooled = (hits_a + hits_b) / (a.sent + b.sent)
    error = math.sqrt(pooled * (1 - pooled) * (1 / a.sent + 1 / b.sent))
    return (hits_a / a.sent - hits_b / b.sent) / error if error else 0.0
