"""The tree of parts in a mail, cut in one pass per level and never deeper than the budget.

The standard library's parser recurses once per level and looks at every line in Python; ours cuts
at boundary lines by pattern, so a mail of a hundred thousand empty parts costs no more than its
bytes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.encodings import decode_transfer
from chalicelib.domain.mail.headers import Headers, split_headers
from chalicelib.domain.mail.parameters import split_parameters

_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+")
_LONGEST_BOUNDARY: Final = 1000
_CONTAINERS: Final = ("multipart/", "message/")
_MESSAGES: Final = frozenset({"message/rfc822", "message/global"})
_BEHIND_BOUNDARY: Final = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its headers, what it says it is, its bytes as they stand, the parts inside."""

    headers: Headers
    content_type: str = "text/plain"
    parameters: Mapping[str, str] = field(default_factory=dict)
    disposition: str = ""
    file_name: str = ""
    body: bytes = b""
    children: tuple["Part", ...] = ()

    @property
    def content(self) -> bytes:
        """The bytes with their transfer encoding undone."""
        return decode_transfer(self.body, _encoding(self.headers))

    @property
    def is_base64(self) -> bool:
        """Whether a reader of the raw mail would not see what it says."""
        return _encoding(self.headers) == "base64"

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
        inside = self._inside(headers, content_type, parameters, body, depth + 1)
        children = tuple(inside) if content_type.startswith(_CONTAINERS) else ()
        return Part(
            headers=headers,
            content_type=content_type,
            parameters=parameters,
            disposition=disposition,
            file_name=others.get("filename") or parameters.get("name", ""),
            # A container's own bytes are its children's.
            body=b"" if children else body,
            children=children,
        )

    def _inside(
        self,
        headers: Headers,
        content_type: str,
        parameters: Mapping[str, str],
        body: bytes,
        depth: int,
    ) -> Iterator[Part]:
        is_message = not content_type.startswith("multipart/")
        if is_message and content_type not in _MESSAGES:
            return
        if depth > self._budget.depth:
            self._defects.note("too_deep")
            return
        if is_message:
            content = decode_transfer(body, _encoding(headers))
            yield self.read(content.lstrip(b"\r\n"), depth=depth)
            return
        inside = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        for raw in self._cut(body, parameters.get("boundary", "").rstrip()):
            if self._left <= 0:
                self._defects.note("too_many_parts")
                return
            yield self.read(raw, depth=depth, default_type=inside)

    def _cut(self, body: bytes, boundary: str) -> Iterator[bytes]:
        """Yield the bytes between boundary lines; a missing last boundary ends with the part."""
        if not boundary or len(boundary) > _LONGEST_BOUNDARY:
            self._defects.note("no_boundary")
            return
        begin = None
        for start, end, is_last in _boundary_lines(body, boundary.encode("utf-8")):
            if begin is not None:
                yield _without_line_end(body[begin:start])
            begin = end
            if is_last:
                return
        if begin is None:
            self._defects.note("boundary_not_found")
            return
        self._defects.note("last_boundary_missing")
        yield body[begin:]


def _encoding(headers: Headers) -> str:
    words = headers.first("content-transfer-encoding").lower().split()
    return words[0].strip("\"';") if words else ""


def _boundary_lines(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each boundary line begins and ends, and whether it says that it is the last."""
    mark = b"--" + boundary
    at = body.find(mark)
    while at >= 0:
        behind = at + len(mark)
        if at == 0 or body[at - 1 : at] == b"\n":
            rest = _BEHIND_BOUNDARY.match(body, behind)
            if rest is not None:
                yield at, rest.end(), bool(rest[1])
                behind = rest.end()
        at = body.find(mark, behind)


def _without_line_end(octets: bytes) -> bytes:
    """Take off the line end that belongs to the boundary behind it (RFC 2046, 5.1.1)."""
    return octets.removesuffix(b"\n").removesuffix(b"\r")
