"""Words by which an item is found, and the words that somebody asks for.

A word is found by its beginning. Accents and capitals do not count; an address is one word, and so
is its domain; what is written together (`acme.test`, `follow-up`) is found whole and in its parts.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.items import Item

MOST_WORDS: Final = 12
"""How many words of an item are kept for searching."""
FEWEST_CHARACTERS: Final = 2
LONGEST_WORD: Final = 64

_PARTS: Final = re.compile(r"[^\W_]+")
_OUTER: Final = re.compile(r"^[\W_]+|[\W_]+$")


def folded(text: str) -> str:
    """Spell a text so that accents and capitals do not count."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def words_of(item: Item) -> tuple[str, ...]:
    """Return the words that lead to an item: its first address, its name, its other addresses."""
    long = [word for word in _words(item) if len(word) >= FEWEST_CHARACTERS]
    return tuple(long[:MOST_WORDS])


def words_asked(query: str) -> tuple[str, ...]:
    """Return the words of a query; none is longer than those that are kept."""
    chunks = (_whole(chunk) for chunk in folded(query).split())
    return tuple(dict.fromkeys(chunk for chunk in chunks if chunk))


def finds(item: Item, asked: tuple[str, ...]) -> bool:
    """Whether every word that is asked for begins a word of the item."""
    if not asked:
        return True
    single = (word for word in _words(item) if len(word) < FEWEST_CHARACTERS)
    kept = (*words_of(item), *single)
    return all(any(word.startswith(each) for word in kept) for each in asked)


def _words(item: Item) -> list[str]:
    first = item.primary_address
    others = (each.address for each in item.emails if each.address != first)
    found = [*_of_address(first), *_of_text(item.title), *_of_text(item.code or "")]
    for address in others:
        found.extend(_of_address(address))
    return list(dict.fromkeys(found))


def _of_address(address: str | None) -> Iterator[str]:
    if address:
        yield folded(address)[:LONGEST_WORD]
        yield folded(domain_of(address))[:LONGEST_WORD]


def _of_text(text: str) -> Iterator[str]:
    for chunk in folded(text).split():
        if whole := _whole(chunk):
            yield whole
            yield from (part[:LONGEST_WORD] for part in _PARTS.findall(chunk))


def _whole(chunk: str) -> str:
    return _OUTER.sub("", chunk)[:LONGEST_WORD]
