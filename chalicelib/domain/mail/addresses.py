"""Address headers, read tolerantly, in one pass and within a budget.

Names without quotes but with commas, semicolons between addresses, comments in comments, groups,
addresses without brackets: people's mail has them all, and a lost recipient is a lost answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.crm.addresses import normalized
from chalicelib.domain.mail.headers import decode_words
from chalicelib.domain.mail.message import Mailbox

_TOKEN: Final = re.compile(
    r"""
      "(?:[^"\\]|\\.)*"?    # a quoted text, or one that was never closed
    | <[^<>]*>?             # an address in brackets, or half of them
    | [(),:;]
    | [^"<(),:;\\]+
    | \\.?
    """,
    re.VERBOSE | re.DOTALL,
)
# What nearly every mail has: one address, with a name that needs no thought.
_PLAIN: Final = re.compile(
    r"""\s*(?:
      "?([^"<>()@,;:\\]*)"?\s*<([^"<>()@,;:\\\s\[\]]+@[^"<>()@,;:\\\s\[\]]+)>
    | ([^"<>()@,;:\\\s'\[\]]+@[^"<>()@,;:\\\s'\[\]]+)
    )\s*""",
    re.VERBOSE,
)
_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_LONGEST: Final = 500
_DAEMON: Final = "mailer-daemon"


def parse_addresses(header: str, *, most: int) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a From, To or Cc header, at most `most` of them."""
    if not header:
        return ()
    plain = _PLAIN.fullmatch(header)
    if plain is not None and most and len(header) <= _LONGEST:
        return (Mailbox(normalized(plain[2] or plain[3]), decode_words(plain[1] or "")),)
    found: list[Mailbox] = []
    for mailbox in _merged(_pieces(header)):
        if len(found) >= most:
            break
        found.append(mailbox)
    return tuple(found) or _daemon(header)


def _daemon(header: str) -> tuple[Mailbox, ...]:
    """Return the one sender that writes without a domain: the mail system of some machine."""
    if _DAEMON not in header.lower():
        return ()
    return (Mailbox("", _DAEMON),) if "<>" in header else (Mailbox(_DAEMON, _DAEMON),)


def _merged(pieces: Iterator[tuple[str, str, str]]) -> Iterator[Mailbox]:
    """Put `Doe, John <jd@x>` together again: a name alone belongs to the address behind it."""
    pending = ""
    for name, address, end in pieces:
        whole = f"{pending}, {name}" if pending and name else pending or name
        if address:
            yield Mailbox(normalized(address), decode_words(whole))
            pending = ""
        else:
            pending = whole if end == "," else ""


def _pieces(header: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, address, what ended it) for each stretch between commas or semicolons."""
    piece = _Piece()
    depth = 0
    for token in _TOKEN.findall(header):
        if token == "(":
            depth += 1
        elif token == ")":
            depth = max(0, depth - 1)
        elif depth:
            piece.comment.append(token)
        elif token in {",", ";"}:
            yield (*piece.taken(), token)
            piece = _Piece()
        else:
            piece.take(token)
    yield (*piece.taken(), "")


@dataclass(slots=True)
class _Piece:
    """What stands between two commas."""

    words: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    bracketed: str = ""

    def take(self, token: str) -> None:
        if token == ":":
            said = "".join(self.words)
            is_scheme = said.lower().endswith("mailto")
            # What stands before any other colon is the name of a group, which nobody writes to.
            self.words = [said[: -len("mailto")].rstrip("[ "), " "] if is_scheme else []
        elif token.startswith("<"):
            self.bracketed = token.strip("<> \t") or self.bracketed
        elif token.startswith('"'):
            self.words.append(_QUOTED_PAIR.sub(r"\1", token[1:].removesuffix('"')))
        else:
            self.words.append(token.removeprefix("\\"))

    def taken(self) -> tuple[str, str]:
        """Return the name and the address; either may be empty."""
        name = "".join(self.words).strip()
        comment = "".join(self.comment).strip()
        inside = self.bracketed.replace(" ", "").rpartition(":")[2]
        if _is_address(inside):
            return name or comment, inside
        bare = next((word for word in map(_bare, name.split()) if _is_address(word)), "")
        return (comment or name.replace(bare, "").strip(" '\"[]"), bare) if bare else (name, "")


def _bare(word: str) -> str:
    return word.strip("'[]<>").removeprefix("mailto:")


def _is_address(text: str) -> bool:
    local_part, at, domain = text.rpartition("@")
    return bool(local_part and at and domain) and len(text) <= _LONGEST
