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
    "wrote:", "writes:", "schrieb:", "a écrit :", "a écrit:", "escribió:", "escribio:",
    "ha scritto:",
    "schreef:", "skrev:", "escreveu:", "kirjoitti:", "napisał:", "napisał(a):", "pisze:", "napsal:",
    "написал:", "のメール:", "写道\N{FULLWIDTH COLON}", "写道:",
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
_BLOCK_LINES: Final = 6
_SHORT_RULE: Final = 20


def visible_text(text: str) -> str:
    """Return the new text of a mail; all of it where nothing would be left."""
    whole = text.split("\n")
    lines = [line[:_LONGEST_LINE].strip() for line in whole]
    answers_from = _answers_from(lines)
    kept: list[str] = []
    at = 0
    while at < len(lines) and not (_is_rule(lines[at]) or _is_header_block(lines, at)):
        behind = _behind_intro(lines, at)
        if behind is not None and not answers_from[behind]:
            break
        if behind is None and not lines[at].startswith(">"):
            kept.append(whole[at])
        at = behind or at + 1
    return "\n".join(kept).strip() or text.strip()


def _answers_from(lines: Sequence[str]) -> list[bool]:
    """Tell for every line whether somebody answers between or below what is quoted behind it."""
    answers = [False] * (len(lines) + 1)
    is_text_behind = is_answered = False
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith(">"):
            is_answered = is_answered or is_text_behind
        elif lines[at]:
            is_text_behind = True
        answers[at] = is_answered
    return answers


def _is_rule(line: str) -> bool:
    if not line.startswith(("--", "__", "==")):
        return False
    said = line.lower()
    return any(words in said for words in _RULES) or (
        len(line) > _SHORT_RULE and not line.strip("_")
    )


def _behind_intro(lines: Sequence[str], at: int) -> int | None:
    """Return the line behind `On … wrote:`, which may be broken over up to three lines."""
    first = lines[at].lower()
    if not (first.startswith(_INTROS) or "@" in first):
        return None
    for behind in range(at, min(at + _INTRO_LINES, len(lines))):
        line = lines[behind]
        if not line or line.startswith(">"):
            return None
        if line.lower().endswith(_WROTE):
            return behind + 1
    return None


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """`From: … Sent: … To: … Subject: …`, as Outlook puts it above what it quotes."""
    if _label(lines[at]) not in _FROM:
        return False
    return sum(_label(line) in _LABELS for line in lines[at : at + _BLOCK_LINES]) >= _ENOUGH_LABELS


def _label(line: str) -> str:
    return line.partition(":")[0].strip("* \t").lower() if ":" in line else ""
