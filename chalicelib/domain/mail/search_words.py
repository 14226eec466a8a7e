"""The words a thread is found by, and its subject as everybody writes it, answer or not."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import normalize

from chalicelib.domain.mail.message import Mailbox

MOST_WORDS: Final = 12
"""Words by which one message can be found."""
MOST_ASKED: Final = 4
"""Words of a question that are looked for; the rest add nothing but reads."""
SHORTEST: Final = 2
_LONGEST: Final = 32
_MOST_PEOPLE: Final = 4
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_CHARACTERS: Final = 2_000
_ANSWERED: Final = re.compile(
    r"(?:(?:re|aw|sv|vs|antw?|odp|res|rif|ref|r|fwd?|wg|vb|tr|rv|enc|doorst|i|pd|vl)"
    r"(?:\s?\[\d{1,3}\])?\s?[:：]\s*)+",
    re.IGNORECASE,
)


def plain_subject(subject: str) -> str:
    """Return a subject without the marks of answers and forwards, in one spelling."""
    said = " ".join(subject[:_MOST_CHARACTERS].split())
    marks = _ANSWERED.match(said)
    return normalize("NFKC", said[marks.end() :] if marks else said).casefold()


def words_of(subject: str, people: Iterable[Mailbox]) -> list[str]:
    """Return the words that find a message: of its subject first, then of who takes part."""
    named = list(people)[:_MOST_PEOPLE]
    texts = [plain_subject(subject), *(f"{each.name} {each.address}" for each in named)]
    return list(dict.fromkeys(word for text in texts for word in _words(text)))[:MOST_WORDS]


def asked_words(question: str) -> list[str]:
    """Return the words of a question, the longest first: they leave the least to look through."""
    return sorted(dict.fromkeys(_words(question)), key=len, reverse=True)[:MOST_ASKED]


def _words(text: str) -> Iterator[str]:
    spelled = normalize("NFKC", text[:_MOST_CHARACTERS]).casefold()
    for found in _WORD.finditer(spelled):
        word = found[0][:_LONGEST]
        if len(word) >= SHORTEST:
            yield word
