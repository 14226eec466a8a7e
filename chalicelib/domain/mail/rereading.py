"""What a newer parser reads differently in a mail that was read before, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.mail.filed import Body
from chalicelib.domain.mail.message import Mailbox

_LONGEST: Final = 500
_MAILBOXES: Final = ("from_", "to", "cc")
_TEXTS: Final = ("text", "html", "visible_text")
_LISTS: Final = ("kind_signals", "defects")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as it was read before and as it is read now; long texts from where they part."""

    field: str
    before: str
    after: str


def differences(before: Body, after: Body) -> list[Difference]:
    """Return what has changed between two readings of one mail."""
    return [
        _shortened(name, old, new)
        for (name, old), (_, new) in zip(_shown(before), _shown(after), strict=True)
        if old != new
    ]


def _shown(body: Body) -> Iterator[tuple[str, str]]:
    for name in _MAILBOXES:
        yield name.rstrip("_"), _people(getattr(body, name))
    for name in _TEXTS:
        yield name, getattr(body, name)
    for name in _LISTS:
        yield name, ", ".join(getattr(body, name))


def _people(mailboxes: tuple[Mailbox, ...]) -> str:
    return ", ".join(f"{each.name} <{each.address}>".strip() for each in mailboxes)


def _shortened(name: str, old: str, new: str) -> Difference:
    pairs = enumerate(zip(old, new, strict=False))
    parted = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    begin = max(0, parted - 40) if max(len(old), len(new)) > _LONGEST else 0
    return Difference(name, old[begin : begin + _LONGEST], new[begin : begin + _LONGEST])
