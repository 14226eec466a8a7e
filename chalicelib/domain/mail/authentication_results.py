"""Whose signatures the receiving server found good, by its Authentication-Results (RFC 8601).

Some words of that header are the sender's own: the envelope sender, the name in HELO. They stand in
quotes or comments, and nothing in these may be read as a result.
"""

import re
from collections.abc import Iterator
from typing import Final

_PLAIN: Final = re.compile(r'[^"()]+')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_IN_COMMENT: Final = re.compile(r"\\.|[^()\\]+|[()]", re.DOTALL)
_WORD: Final = re.compile(r"[\w.@+-]*")
_OPAQUE: Final = "?"
"""Stands for a quoted string that is more than a word."""

_DKIM_PASSED: Final = frozenset({"dkim=pass", "dkim/1=pass"})
_SIGNERS: Final = frozenset({"header.i", "header.d"})


def read_signers(results: str, *, server: str) -> tuple[str, ...]:
    """Return the domains whose DKIM signature `server` found good; nobody else is heard."""
    first, *clauses = "".join(_bare(results)).lower().split(";")
    if first.split()[:1] != [server]:
        return ()
    return tuple(signer for clause in clauses for signer in _signers(_words(clause)))


def _signers(words: list[str]) -> Iterator[str]:
    """The method begins its clause; anywhere else the same word is somebody's value."""
    if words[:1] and words[0] in _DKIM_PASSED:
        for name, _, value in (each.partition("=") for each in words[1:]):
            if name in _SIGNERS:
                yield value.rpartition("@")[2]


def _words(clause: str) -> list[str]:
    """Blanks may stand around the sign that joins a word."""
    return re.sub(r"\s*=\s*", "=", clause).split()


def _bare(results: str) -> Iterator[str]:
    """Leave out comments and what quoted strings say; what never closes ends the header."""
    at = 0
    while at < len(results):
        if results[at] == "(":
            at = _end_of_comment(results, at)
            yield " "
        elif found := _PLAIN.match(results, at):
            at = found.end()
            yield found[0]
        elif found := _QUOTED.match(results, at):
            at = found.end()
            yield found[1] if _WORD.fullmatch(found[1]) else _OPAQUE
        else:
            return


def _end_of_comment(results: str, start: int) -> int:
    """Comments nest, and a quote in one is a character like any other."""
    depth = 0
    for found in _IN_COMMENT.finditer(results, start):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(results)
