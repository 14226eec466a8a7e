"""What somebody newly wrote, without the mail they answer; the whole body is always kept beside it.

One pass over lines, each looked at by its start and its end, so that no text takes longer than its
length. Where it is not plain what is quoted, the text is shown: losing words is worse than showing
some twice.
"""

from collections.abc import Sequence
from typing import Final

_LONGEST_LINE: Final = 500
_INTRO_LINES: Final = 3
_WROTE: Final = (
    "wrote:", "writes:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "escribio:", "ha scritto:",
    "schreef:", "skrev:", "escreveu:", "kirjoitti:", "napisał:", "napisał(a):", "pisze:", "napsal:",
    "написал:", "のメール:", "写道：", "写道:",
)  # fmt: skip
_INTROS: Final = (
    "on ", "am ", "le ", "el ", "il ", "op ", "den ", "em ", "w dniu ", "dne ", "på ", "ma ", "ti ",
    "to ", "fre ", "pe ", "in article", "at ",
)  # fmt: skip
_RULES: Final = (
    "original message", "ursprüngliche nachricht", "message d'origine", "mensaje original",
    "messaggio originale", "mensagem original", "oorspronkelijk bericht", "ursprungligt meddelande",
    "opprinnelig melding", "oprindelig meddelelse", "alkuperäinen viesti", "wiadomość oryginalna",
    "forwarded message", "reply message", "original email",
)  # fmt: skip
_LABELS: Final = {
    "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "expéditeur", "sent",
    "gesendet", "envoyé", "enviado", "inviato", "verzonden", "skickat", "sendt", "lähetetty",
    "wysłano", "to", "an", "à", "para", "a", "aan", "till", "til", "do", "date", "datum", "fecha",
    "data", "dato", "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "ämne", "emne",
    "aihe", "temat", "cc",
}  # fmt: skip
_FROM: Final = frozenset(
    {"from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "expéditeur"}
)
_ENOUGH_LABELS: Final = 3


def visible_text(text: str) -> str:
    """Return the new text of a mail; all of it where nothing would be left."""
    lines = [line[:_LONGEST_LINE].strip() for line in text.split("\n")]
    whole = text.split("\n")
    end = next((at for at in range(len(lines)) if _begins_quote(lines, at)), len(lines))
    kept = [whole[at] for at in range(end) if not lines[at].startswith(">")]
    return "\n".join(kept).strip() or text.strip()


def _begins_quote(lines: Sequence[str], at: int) -> bool:
    """Tell whether everything from this line on is the mail that is answered."""
    line = lines[at].lower()
    if not line or line.startswith(">"):
        return False
    return _is_rule(line) or _is_intro(lines, at) or _is_header_block(lines, at)


def _is_rule(line: str) -> bool:
    if line.startswith(("--", "__", "==")):
        return any(words in line for words in _RULES) or (len(line) > 20 and not line.strip("_"))
    return False


def _is_intro(lines: Sequence[str], at: int) -> bool:
    """`On … wrote:`, broken over up to three lines, and nothing but the quote behind it."""
    if not lines[at].lower().startswith(_INTROS) and "@" not in lines[at]:
        return False
    for behind in range(at, min(at + _INTRO_LINES, len(lines))):
        if not lines[behind] or lines[behind].startswith(">"):
            return False
        if lines[behind].lower().endswith(_WROTE):
            return not _has_answers_below(lines, behind + 1)
    return False


def _has_answers_below(lines: Sequence[str], start: int) -> bool:
    """Tell whether somebody answers between or below the quoted lines."""
    quoted = [at for at in range(start, len(lines)) if lines[at].startswith(">")]
    if not quoted:
        return False
    return any(lines[at] and not lines[at].startswith(">") for at in range(quoted[0], len(lines)))


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """`From: … Sent: … To: … Subject: …`, as Outlook puts it above what it quotes."""
    if _label(lines[at]) not in _FROM:
        return False
    return sum(_label(line) in _LABELS for line in lines[at : at + 6]) >= _ENOUGH_LABELS


def _label(line: str) -> str:
    return line.partition(":")[0].strip("* \t").lower() if ":" in line else ""
