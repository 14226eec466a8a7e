"""When somebody who is away says they will be back, in the languages people write such notes in.

A phrase of returning, or of being away until a day, is looked for, and a date near it. A note that
cannot be read beyond doubt says nothing: an early letter costs more than a late one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.named_days import Day, days_in
from chalicelib.domain.mail.phrases import folded

_LONGEST: Final = 4000
_MOST_PHRASES: Final = 20
_BEHIND: Final = 60
_BEFORE: Final = 48
_SOON: Final = 32
"""A date belongs to the phrase it follows so closely; weekdays and articles may stand between."""
_FURTHEST: Final = timedelta(days=400)


class _Told(StrEnum):
    """How a phrase tells of the return, and thereby which day is meant."""

    BACK = "back"
    """On that day they are back."""
    AWAY_UNTIL = "away_until"
    """That day is usually the first one back."""
    AWAY_THROUGH = "away_through"
    """That day is still away."""


_PHRASES: Final[Mapping[_Told, str]] = {
    _Told.BACK: (
        "be back|i'm back|am back|back on|back in the office|back at my desk|back at work|return on"
        "|returning on|returning|will return|i return|return to the office|my return|available from"
        "|available again|resume work|"
        # sv, no, da, fi
        "tillbaka|åter på|åter den|är åter|åter i tjänst|åter måndag|i tjänst igen|tilbake|tilbage|"
        "igen den|igjen den|retur den|på jobb igjen|palaan|takaisin|tavoitettavissa jälleen|"
        # de, nl
        "zurück|wieder da|wieder im büro|wieder erreichbar|wieder für sie|wieder persönlich|"
        "wieder zu erreichen|wieder am|ab dem|terug|weer aanwezig|weer bereikbaar|weer op kantoor|"
        # fr, es, pt, it, pl
        "de retour|mon retour|reviens|reviendrai|rentrerai|serai à nouveau|vuelvo|regreso|"
        "regresaré|volveré|de vuelta|me reincorporo|mi vuelta|regressarei|retornarei|retorno|"
        "regresso|de volta|voltarei|volto|rientro|rientrerò|torno|tornerò|ritorno|di nuovo in "
        "ufficio|wracam|wrócę|powrót|powrotu|powrocie|z powrotem|ponownie od|będę dostępny od|"
        "będę dostępna od|dostępny od|dostępna od"
    ),
    _Told.AWAY_UNTIL: (
        "until|till the|till|not back before|tot|ledig till|borta till|kontoret till|semester till|"
        "frånvarande till|bortrest till|fraværende til|ferie til|borte til|kontoret til|"
        "fram till|frem til|indtil"
    ),
    _Told.AWAY_THROUGH: (
        "through|until and including|up to and including|t.o.m.|t o m|tom|till och med|til og med|"
        "til og med den|tot en met|t/m|bis zum|bis einschließlich|bis einschliesslich|bis|"
        "jusqu'au|jusqu’au|jusqu'à|au|hasta el|hasta|fino al|fino a|sino al|até|até ao|até o|"
        "asti|saakka|do dnia|do"
    ),
}
_TOLD: Final[Mapping[str, _Told]] = {
    folded(word): told for told, words in _PHRASES.items() for word in words.split("|")
}
_ENGLISH: Final = frozenset(
    words
    for row in (
        "be back|i'm back|am back|back on|back in the office|back at my desk|back at work",
        "return on|returning on|returning|will return|i return|return to the office|my return",
        "until|till the",
        "available from|available again|resume work|not back before|through|until and including",
        "up to and including",
    )
    for words in row.split("|")
)
"""Where these are said, 8/10 may be a day in August."""
_PHRASE: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(re.escape(word) for word in sorted(_TOLD, key=len, reverse=True))
    + r")(?!\w)"
)
_RANGE: Final = re.compile(r"(?<=[\d.])\s?[-\u2013](?=\s?\d{1,2}[./]\s?\d)")
_INCLUSIVE: Final = re.compile(r"\s?\(?(?:inclus|included|inclusive|incl|inkl|einschlie|compreso)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Return:
    """The first day back, as one phrase tells it."""

    told: _Told
    is_exact: bool
    day: date


def read_return_date(message: Message, *, received_on: date) -> date | None:
    """Return the first day back that a note of absence states; None where it states none."""
    said = " ".join(folded(f"{message.subject}\n{message.text[:_LONGEST]}").split())
    # A weekday may be any; and a day of return says more than the last day away.
    by_weight = sorted(
        _returns(said, received_on),
        key=lambda each: (not each.is_exact, list(_Told).index(each.told)),
    )
    return by_weight[0].day if by_weight else None


def _returns(said: str, received_on: date) -> Iterator[_Return]:
    """Yield the first day back by every phrase with a date near it, and by every range."""
    for found in islice(_PHRASE.finditer(said), _MOST_PHRASES):
        is_english = found[0] in _ENGLISH
        near = _near(said, found, received_on, is_english=is_english)
        if near is not None:
            yield from _plausible(said, _TOLD[found[0]], near, received_on)
    for found in islice(_RANGE.finditer(said), _MOST_PHRASES):
        near = _behind(said, found, received_on, is_english=False)
        if near is not None and near.is_exact and near.start <= found.end() + 1:
            yield from _plausible(said, _Told.AWAY_THROUGH, near, received_on)


def _plausible(said: str, told: _Told, near: Day, received_on: date) -> Iterator[_Return]:
    if told is _Told.AWAY_UNTIL and _INCLUSIVE.match(said, near.end):
        told = _Told.AWAY_THROUGH
    day = near.day + timedelta(days=1) if told is _Told.AWAY_THROUGH else near.day
    if received_on < day <= received_on + _FURTHEST:
        yield _Return(told=told, is_exact=near.is_exact, day=day)


def _near(said: str, found: re.Match[str], today: date, *, is_english: bool) -> Day | None:
    """Return the date soon behind a phrase, or else the last one before it."""
    behind = _behind(said, found, today, is_english=is_english)
    if behind is not None:
        return behind
    begin = max(0, found.start() - _BEFORE)
    before = days_in(said, begin, found.start(), today=today, may_be_american=is_english)
    return before[-1] if before else None


def _behind(said: str, found: re.Match[str], today: date, *, is_english: bool) -> Day | None:
    end = found.end()
    behind = days_in(said, end, end + _BEHIND, today=today, may_be_american=is_english)
    return behind[0] if behind and behind[0].start <= end + _SOON else None
