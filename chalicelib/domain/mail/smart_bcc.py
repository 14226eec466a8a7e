"""The grammar of a Smart Bcc address: a user's own, or an item's.

`b-<key id><random><code>` is a user's, `d-…` an item's. The random part is the secret; the short
code behind it lets us turn away guesses without asking the table. `+deal<id>` names an item, but
only behind a user's whole secret: alone it would be guessable. Letters, digits, `+` and `-` only,
in any case, so that no client mangles it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import ItemId
from chalicelib.domain.mail.macs import MacKeys, code, is_code

RANDOM_CHARACTERS: Final = 16
"""Eighty bits that nobody guesses."""
_CODE_CHARACTERS: Final = 6
_PURPOSE: Final = "smart-bcc"
_SHAPE: Final = re.compile(
    r"([bd])-([a-z0-9])([a-z2-7]{16})([a-z2-7]{6})"
    r"(?:\+([a-z]+)([0-9][a-z0-9]*))?"
)
ADDRESSABLE: Final = frozenset(
    {ItemKind.LEAD, ItemKind.DEAL, ItemKind.PROJECT, ItemKind.PERSON, ItemKind.ORGANIZATION}
)
"""The kinds of items that may have an address, or stand behind a user's as an alias."""


class BccScope(StrEnum):
    """Whose an address is; the value is its first letter."""

    USER = "b"
    ITEM = "d"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartBccName:
    """The part of a Smart Bcc address before the `@`, understood.

    `local_part` is what the address is looked up by: lower case, without the alias.
    """

    scope: BccScope
    local_part: str
    alias: ItemRef | None = None


def format_local_part(scope: BccScope, random: str, *, keys: MacKeys) -> str:
    """Return the part before the `@`; `random` comes from the mint, the newest key signs."""
    key_id, key = keys[0]
    body = f"{scope}-{key_id}{random}"
    return body + code(key, purpose=_PURPOSE, text=body, characters=_CODE_CHARACTERS)


def parse_local_part(local_part: str, *, keys: MacKeys) -> SmartBccName | None:
    """Read the part before the `@`; None unless its code is ours and its alias a known kind."""
    shape = _SHAPE.fullmatch(local_part.lower())
    if shape is None:
        return None
    letter, key_id, random, claimed, kind, number = shape.groups()
    body = f"{letter}-{key_id}{random}"
    if not is_code(claimed, keys, key_id=key_id, purpose=_PURPOSE, text=body):
        return None
    scope = BccScope(letter)
    if kind is None:
        return SmartBccName(scope=scope, local_part=body + claimed)
    if scope is BccScope.ITEM or kind not in ADDRESSABLE:
        return None
    alias = ItemRef(ItemKind(kind), ItemId(number))
    return SmartBccName(scope=scope, local_part=body + claimed, alias=alias)
