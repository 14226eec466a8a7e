"""The tree of parts in a mail, cut in one pass per level and never deeper than the budget.

The standard library's parser recurses once per level and looks at every line in Python; ours cuts
at boundary lines by pattern, so a mail of a hundred thousand empty parts costs no more than its
bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.encodings import decode_transfer
from chalicelib.domain.mail.headers import Headers, split_headers
from chalicelib.domain.mail.parameters import split_parameters

_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+")
_LONGEST_BOUNDARY: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its headers, what it says it is, its bytes as they stand, the parts inside."""

    headers: Headers
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    file_name: str = ""
    body: bytes = b""
    children: tuple["Part", ...] = ()

    @property
    def content(self) -> bytes:
        """The bytes with their transfer encoding undone."""
        return decode_transfer(self.body, self._encoding)

    @property
    def is_base64(self) -> bool:
        """Whether a reader of the raw mail would not see what it says."""
        return self._encoding == "base64"

    @property
    def _encoding(self) -> str:
        words = self.headers.first("content-transfer-encoding").lower().split()
        return words[0].strip("\"';") if words else ""

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all parts inside, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()


class PartReader:
    """Reads parts until the budget is spent."""

    def __init__(self, budget: Budget, defects: Defects) -> None:
        """Begin with the whole budget."""
        self._budget = budget
        self._defects = defects
        self._left = budget.parts

    def read(self, raw: bytes, *, depth: int = 0, default_type: str = "text/plain") -> Part:
        """Read one part with all that is inside it."""
        self._left -= 1
        headers, body = split_headers(raw, budget=self._budget, defects=self._defects)
        content_type, parameters = split_parameters(headers.first("content-type"))
        if _TYPE.fullmatch(content_type) is None:
            content_type = default_type
        disposition, others = split_parameters(headers.first("content-disposition"))
        part = Part(
            headers=headers,
            content_type=content_type,
            parameters=parameters,
            disposition=disposition,
            file_name=others.get("filename") or parameters.get("name", ""),
            body=body,
        )
        children = tuple(self._children(part, depth + 1))
        return _with_children(part, children) if children else part

    def _children(self, part: Part, depth: int) -> Iterator[Part]:
        is_container = part.content_type.startswith("multipart/")
        is_message = part.content_type in {"message/rfc822", "message/global"}
        if not (is_container or is_message):
            return
        if depth > self._budget.depth:
            self._defects.note("too_deep")
            return
        if is_message:
            yield self.read(part.content.lstrip(b"\r\n"), depth=depth)
            return
        inside = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for raw in self._cut(part):
            if self._left <= 0:
                self._defects.note("too_many_parts")
                return
            yield self.read(raw, depth=depth, default_type=inside)

    def _cut(self, part: Part) -> Iterator[bytes]:
        """Yield the bytes between boundary lines; a missing last boundary ends with the part."""
        boundary = part.parameters.get("boundary", "").rstrip()
        if not boundary or len(boundary) > _LONGEST_BOUNDARY:
            self._defects.note("no_boundary")
            return
        line = re.compile(
            rb"(?:\A|(?<=\n))--" + re.escape(boundary.encode("utf-8")) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
        )
        begin = None
        for found in line.finditer(part.body):
            if begin is not None:
                yield _without_line_end(part.body[begin : found.start()])
            begin = found.end()
            if found[1]:
                return
        if begin is None:
            self._defects.note("boundary_not_found")
            return
        self._defects.note("last_boundary_missing")
        yield part.body[begin:]


def _with_children(part: Part, children: tuple[Part, ...]) -> Part:
    """Hang the children in; the container's own bytes are theirs now."""
    return Part(
        headers=part.headers,
        content_type=part.content_type,
        parameters=part.parameters,
        disposition=part.disposition,
        file_name=part.file_name,
        children=children,
    )


def _without_line_end(octets: bytes) -> bytes:
    """Take off the line end that belongs to the boundary behind it (RFC 2046, 5.1.1)."""
    return octets.removesuffix(b"\n").removesuffix(b"\r")
