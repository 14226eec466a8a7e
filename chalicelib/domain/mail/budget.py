"""How much of a mail we are ready to read, whatever its sender wrote."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Upper bounds of one reading; what lies beyond is left unread and noted as a defect."""

    octets: int = 40 * 1024 * 1024
    """SES takes no more than 40 MB."""
    parts: int = 1000
    depth: int = 20
    headers: int = 1000
    header_octets: int = 32 * 1024
    addresses: int = 1000
    ids: int = 1000
    text_characters: int = 500_000
    """Of each body: an answer of the API must hold them; the bytes are kept whole in any case."""


BUDGET: Final = Budget()
