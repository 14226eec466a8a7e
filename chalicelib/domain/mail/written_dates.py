"""A date as a mail client writes it in a body, in the language of its user.

`26. října 2021 14:25:08 GMT+3`, `Wed, Oct 27, 2021 at 9:31 AM`, `2021年10月27日 15:14`: the numbers
and the name of the month are enough. Where day and month cannot be told apart, no date is read.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from chalicelib.domain.mail.dates import parse_date
from chalicelib.domain.mail.phrases import folded

_LONGEST: Final = 120
_MONTHS: Final[Mapping[str, int]] = {
    name: month
    for month, names in enumerate(
        (
            "jan gen ene sty led янв січ oca tam ιαν jaan sij ian јан sau јану яну",
            "feb fév fev lut úno фев лют şub helm φεβ veeb vel febr фебр vas",
            "mar mär mrt maa bře мар бер μαρ märt ožu már març kov",
            "apr avr abr kwi dub апр кві nis huht απρ tra ápr bal",
            "may mai mag mei maj kvě май мая тра touk μαϊ μαΐ svib máj mayı maí maig мај geg",
            (
                "jun jui giu cze červn červen июн чер haz kesä jún ιουν lipnj lipanj iun јун юни "
                "birž juun jūn"
            ),
            (
                "jul juil lug lipc lipi července červenc июл heinä tem júl ιουλ srpnj srpanj лип "
                "iul јул юли liep juul jūl"
            ),
            "aug aoû aou ago sie srpn srpen авг сер ağu elok αυγ kolov kol avg agu ágú rugp elo",
            "sep set wrz zář сен вер eyl syys szep σεπ ruj сеп rugs",
            "oct okt ott out paź říj окт жов eki loka οκτ spal",
            "nov ноя лис kas marras νοε noi нов ное lap",
            "dec dez dic dis déc gru pros дек гру ara joul δεκ dets",
        ),
        1,
    )
    for name in names.split()
}
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_TIME: Final = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?!\d)")
_ISO: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})")
_NUMERIC: Final = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_DAY_FIRST: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º)?[.,]?[ \t-]{0,2}(?:de |d['\u2019])?([^\W\d_]{3,12})"
)
_MONTH_BY_NUMBER: Final = re.compile(r"(?<!\d)(\d{1,2}) (?:tháng|thg) (\d{1,2})(?!\d)")
# Letters that join, or stand in syllables: looked for as they stand.
_JOINED_MONTHS: Final[Mapping[str, int]] = {
    name: month
    for row in (
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
        "ינו׳ פבר׳ מרץ אפר׳ מאי יוני יולי אוג׳ ספט׳ אוק׳ נוב׳ דצמ׳",
    )
    for month, name in enumerate(row.split(), 1)
}
_DAY_AT_END: Final = re.compile(r"(?<!\d)(\d{1,2})\s?\u05d1?\Z")
_MONTH_FIRST: Final = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?![\d:])")
_ZONE: Final = re.compile(r"(?:GMT|UTC|\s)([+\-\u2212])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_AFTERNOON: Final = re.compile(r"\d\s?(?:p\.?\s?m\b)|下午|午後|오후", re.IGNORECASE)
_MORNING: Final = re.compile(r"\d\s?(?:a\.?\s?m\b)|上午|午前|오전", re.IGNORECASE)
_NOON: Final = 12
_LONGEST_MONTH: Final = 8


def read_written_date(text: str) -> datetime | None:
    """Return the instant, taken as UTC where no zone is written; None if it cannot be told."""
    text = text[:_LONGEST]
    exact = parse_date(text) if "," in text[:5] and ":" in text else None
    if exact is not None:
        return exact
    day = _iso(text) or _numeric(text) or _named(text)
    if day is None:
        return None
    try:
        return datetime(*day, *_time(text), tzinfo=_zone(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> tuple[int, int, int] | None:
    found = _ISO.search(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _numeric(text: str) -> tuple[int, int, int] | None:
    """Day first where dots say so or no month could be that great; never by guessing."""
    found = _NUMERIC.search(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or first > _NOON or first == second:
        return year, second, first
    return (year, first, second) if second > _NOON else None


def _named(text: str) -> tuple[int, int, int] | None:
    year = _YEAR.search(text)
    if year is None:
        return None
    numbered = _MONTH_BY_NUMBER.search(text)
    if numbered is not None:
        return int(year[0]), int(numbered[2]), int(numbered[1])
    for found in _DAY_FIRST.finditer(text):
        if month := month_named(folded(found[2])):
            return int(year[0]), month, int(found[1])
    for found in _MONTH_FIRST.finditer(text):
        if month := month_named(folded(found[1])):
            return int(year[0]), month, int(found[2])
    return None if text.isascii() else _joined(text, int(year[0]))


def _joined(text: str, year: int) -> tuple[int, int, int] | None:
    """Read a month whose letters are no word to a pattern: Thai, Arabic, Hebrew."""
    for name, month in _JOINED_MONTHS.items():
        day = _DAY_AT_END.search(text[: max(0, text.find(name))])
        if day is not None:
            return year, month, int(day[1])
    return None


def month_named(word: str) -> int:
    """Return the month that a folded word begins with the name of; 0 if it is none."""
    for length in range(min(len(word), _LONGEST_MONTH), 2, -1):
        if word[:length] in _MONTHS:
            return _MONTHS[word[:length]]
    return 0


def _time(text: str) -> tuple[int, int, int]:
    found = _TIME.search(_NUMERIC.sub(" ", text))
    if found is None:
        return 0, 0, 0
    hour = int(found[1])
    if hour < _NOON and _AFTERNOON.search(text):
        hour += _NOON
    elif hour == _NOON and _MORNING.search(text):
        hour = 0
    return hour, int(found[2]), int(found[3] or 0)


def _zone(text: str) -> timezone:
    found = _ZONE.search(text)
    if found is None:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(offset if found[1] == "+" else -offset)
