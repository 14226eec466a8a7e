"""Address headers, read tolerantly, in one pass and within a budget.

Names without quotes but with commas, semicolons between addresses, comments in comments, groups,
addresses without brackets: people's mail has them all, and a lost recipient is a lost answer.
"""

import re
from collections.abc import Iterator
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
_ADDRESS: Final = re.compile(r"[^\s<>\"(),:;]{1,320}@[^\s<>\"(),:;@]{1,255}")
_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)


def parse_addresses(header: str, *, most: int) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a From, To or Cc header, at most `most` of them."""
    found: list[Mailbox] = []
    for mailbox in _merged(_pieces(header)):
        if len(found) >= most:
            break
        found.append(mailbox)
    return tuple(found)


def _merged(pieces: Iterator[tuple[str, str, str]]) -> Iterator[Mailbox]:
    """Put `Doe, John <jd@x>` together again: a name alone belongs to the address behind it."""
    pending = ""
    for name, address, end in pieces:
        if not address:
            pending = _whole(pending, name) if end == "," else ""
            continue
        yield Mailbox(normalized(address), decode_words(_whole(pending, name)))
        pending = ""


def _whole(pending: str, name: str) -> str:
    return f"{pending}, {name}" if pending and name else pending or name


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
        elif token == ":":
            piece.take_colon()
        else:
            piece.take(token)
    yield (*piece.taken(), "")


class _Piece:
    """What stands between two commas."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment: list[str] = []
        self._bracketed = ""

    def take(self, token: str) -> None:
        if token.startswith("<"):
            self._bracketed = token.strip("<> \t") or self._bracketed
        elif token.startswith('"'):
            self.words.append(_QUOTED_PAIR.sub(r"\1", token.strip('"')))
        else:
            self.words.append(token.removeprefix("\\"))

    def take_colon(self) -> None:
        """Forget a group's name, or a `mailto:`."""
        self.words.clear()

    def taken(self) -> tuple[str, str]:
        """Return the name and the address; either may be empty."""
        name = "".join(self.words).strip()
        comment = "".join(self.comment).strip()
        address = _address_in(self._bracketed)
        if address:
            return name or comment, address
        bare = _address_in(name)
        if bare and self._bracketed == "":
            return comment or name.replace(bare, "").strip(" '\""), bare
        return name, ""


def _address_in(text: str) -> str:
    found = _ADDRESS.search(text.removeprefix("mailto:").replace(" ", "") if "@" in text else "")
    return found[0].strip("'") if found else ""
