"""Which parts of a mail are its text, its HTML and its attachments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.client_marks import Mark, marked, marks_in, unmarked
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.html import sanitize, text_of
from chalicelib.domain.mail.message import Attachment
from chalicelib.domain.mail.parts import Part
from chalicelib.domain.mail.tnef import TNEF_TYPES, parse_tnef

_GUESSES: Final = frozenset({"utf-8-repaired", "latin-1", "cp1252"})


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a mail, and what clients marked in it if it was HTML."""

    said: str
    is_html: bool = False
    marks: Mapping[int, Mark] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Bodies:
    """What was found while walking the parts."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    """The HTML with the marks of clients in it."""

    def read(self) -> Text:
        """Return the plain text, or the HTML read as text where there is none."""
        plain = "\n".join(self.plain)
        if plain.strip():
            return Text(plain)
        text, marks = marks_in(text_of("\n".join(self.marked)))
        return Text(text, is_html=True, marks=marks)

    def take_html(self, clean: str) -> None:
        """Add an HTML body that was marked and cleaned."""
        self.marked.append(clean)
        self.html.append(unmarked(clean))


def read_bodies(root: Part, *, budget: Budget, defects: Defects) -> Bodies:
    """Sort the leaves of a mail into text, HTML and attachments."""
    bodies = Bodies()
    _sort(root, bodies, budget, defects)
    return bodies


def _sort(part: Part, bodies: Bodies, budget: Budget, defects: Defects) -> None:
    if part.content_type.startswith("message/"):
        bodies.attachments.append(_attachment(part))
    elif part.content_type in TNEF_TYPES or part.file_name.lower() == "winmail.dat":
        _unpack(part, bodies, budget, defects)
    elif part.children:
        for child in part.children:
            _sort(child, bodies, budget, defects)
    elif _is_text(part, "text/html"):
        html = _text(part, budget, defects)
        bodies.take_html(
            defects.guard("html_unreadable", lambda: sanitize(marked(html)), otherwise="")
        )
    elif _is_text(part, "text/plain") or _is_broken_container(part):
        bodies.plain.append(_text(part, budget, defects))
    else:
        bodies.attachments.append(_attachment(part))


def _unpack(part: Part, bodies: Bodies, budget: Budget, defects: Defects) -> None:
    """Take the files and texts out of Outlook's own wrapping; it stays where it cannot be read."""
    octets = part.content
    tnef = parse_tnef(octets)
    if not tnef.is_whole:
        defects.note("tnef_torn")
    if not tnef.is_whole or not (tnef.text or tnef.html or tnef.files):
        bodies.attachments.append(_attachment(part))
    if not bodies.plain and not bodies.html:
        bodies.plain.extend([_whole_lines(tnef.text, budget, defects)] if tnef.text else [])
        bodies.html.extend(
            [sanitize(_whole_lines(tnef.html, budget, defects))] if tnef.html else []
        )
    bodies.attachments.extend(
        Attachment(
            name=safe_name(file.name),
            content_type=file.content_type or "application/octet-stream",
            content=file.content,
            is_inline=file.is_inline,
        )
        for file in tnef.files
    )


def _is_text(part: Part, content_type: str) -> bool:
    return part.content_type == content_type and part.disposition != "attachment"


def _is_broken_container(part: Part) -> bool:
    """A multipart without parts inside still says something to people."""
    return part.content_type.startswith("multipart/") and bool(part.body.strip())


def _text(part: Part, budget: Budget, defects: Defects) -> str:
    text, rung = decode(part.content, part.parameters.get("charset", ""))
    if rung in _GUESSES:
        defects.note("charset_guessed")
    return _whole_lines(text, budget, defects)


def _whole_lines(text: str, budget: Budget, defects: Defects) -> str:
    """Return text with LF line ends, as long as an answer of the API can be."""
    if len(text) > budget.text_characters:
        defects.note("text_too_long")
        text = text[: budget.text_characters]
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _attachment(part: Part) -> Attachment:
    return Attachment(
        name=safe_name(part.file_name),
        content_type=part.content_type,
        content=part.content,
        is_inline=part.disposition == "inline" or "content-id" in part.headers,
    )


def safe_name(name: str) -> str:
    """Return a file name without paths and without what terminals or shells would act upon."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    return kept.strip(". ")[:150]
