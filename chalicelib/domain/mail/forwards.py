"""Whose mail was forwarded to us, as far as it can be told without guessing.

Only claims of the user who forwards: never proof of who wrote what. An attached mail says it best;
else the first address behind a line that says "From" in one of the languages clients write.
"""

from typing import Final

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.parts import Part

_SEPARATORS: Final = (
    "forwarded message", "original message", "begin forwarded message", "weitergeleitete nachricht",
    "ursprüngliche nachricht", "message transféré", "message d'origine", "mensaje reenviado",
    "mensaje original", "messaggio inoltrato", "messaggio originale", "mensagem encaminhada",
    "mensagem original", "doorgestuurd bericht", "oorspronkelijk bericht", "vidarebefordrat",
    "ursprungligt meddelande", "videresendt", "opprinnelig melding", "oprindelig meddelelse",
    "välitetty viesti", "alkuperäinen viesti", "przekazana wiadomość", "wiadomość oryginalna",
)  # fmt: skip
_FROM_LABELS: Final = frozenset(
    {"from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "expéditeur"}
)
_BEGINNINGS: Final = ("-", "_", "Begin", "begin")
_LINES_LOOKED_AT: Final = 2000
_LINES_BEHIND: Final = 8
_LONGEST_LINE: Final = 500


def forwarded_senders(root: Part, text: str) -> tuple[Mailbox, ...]:
    """Return who is said to have written the mail inside; nobody where that is not plain."""
    for part in root.walk():
        if part.content_type == "message/rfc822" and part.children:
            return parse_addresses(part.children[0].headers.first("from"), most=1)
    lines = text.split("\n", _LINES_LOOKED_AT)[:_LINES_LOOKED_AT]
    separators = (at for at, line in enumerate(lines) if _is_separator(line))
    named = (_named_in(lines[at + 1 : at + 1 + _LINES_BEHIND]) for at in separators)
    return next((each for each in named if each), ())


def _named_in(block: list[str]) -> tuple[Mailbox, ...]:
    for line in block:
        label, _, value = line[:_LONGEST_LINE].partition(":")
        if label.strip("> *\t").lower() in _FROM_LABELS and "@" in value:
            return parse_addresses(value.replace("*", ""), most=1)
    return ()


def _is_separator(line: str) -> bool:
    if not line.lstrip("> \t").startswith(_BEGINNINGS):
        return False
    said = line[:_LONGEST_LINE].lower()
    return any(words in said for words in _SEPARATORS)
