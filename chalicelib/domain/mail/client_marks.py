"""What mail clients call the pieces of their HTML: the quoted mail, the line above it, a signature.

Names of classes and ids are facts about clients and hold in every language. They are turned into
letters of the private use area before the HTML is cleaned, travel with it into the text, and are
taken out of it there as marks of lines.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final


class Mark(StrEnum):
    """What begins at a line; each is one private letter on its way there."""

    REST_IS_QUOTED = "\ue0f0"
    """A client says that another mail begins here."""
    ATTRIBUTION = "\ue0f1"
    """A client says that here stands who wrote when."""
    MAYBE_ATTRIBUTION = "\ue0f2"
    """A container in which, above the quotation, the client says who wrote when."""
    HEADERS = "\ue0f3"
    """A rule above which Outlook never writes: headers of another mail follow, or nothing does."""
    SIGNATURE = "\ue0f4"
    QUOTED = "\ue0f5"
    """A quotation beyond doubt, and not only indented text."""


_NAMES: Final[Mapping[Mark, str]] = {
    Mark.REST_IS_QUOTED: (
        # Outlook on every system, Outlook.com and Windows Mail
        "divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|stopSpelling|"
        "ms-outlook-mobile-reference-message|mail-editor-reference-message-container|"
        # Yahoo, AOL, Zoho, Zimbra, Proton, Tuta, GMX
        "yahoo_quoted|aolReplacedBody|aol_quoted|zmail_extra|__QUOTED_TEXT__|zwchr|"
        "protonmail_quote|tutanota_quote|gmx_quote|"
        # NetEase, QQ, Foxmail, Naver, Daum, Yandex, Mail.ru
        "isReplyContent|isForwardContent|ntes-mailmaster-quote|divNeteaseMailCard|FMOriginalContent|"
        "mailru-blockquote|"
        # Thunderbird's forwards, Airmail, Spark, Front, Missive, Freshdesk, Sun and SOGo webmail
        "moz-forward-container|bloop_original_html|messageReplySection|front-blockquote|"
        "missive_quote|freshdesk_quote|wmQuote|iwcQuote|WMQuote"
    ),
    Mark.ATTRIBUTION: "gmail_attr|moz-cite-prefix|airmail_on|reply-intro|yahoo-quoted-begin",
    Mark.MAYBE_ATTRIBUTION: "gmail_quote",
    Mark.SIGNATURE: (
        "gmail_signature|moz-signature|ms-outlook-mobile-signature|protonmail_signature_block|"
        "messageSignatureSection|bloop_sign|tutanota_signature|yahoo-signature|AppleMailSignature"
    ),
}
_MARK_BY_NAME: Final = {
    name.lower(): mark for mark, names in _NAMES.items() for name in names.split("|")
}
# GMX, web.de and mail.com; Outlook's signatures; the rules of Outlook, by their place and width.
_SHAPED: Final = re.compile(
    r"\b(?P<signature>id=[\"']?(?:x_|ecx)?signature\b)"
    r"|\b(?P<quote>name=[\"']?(?:x_)?quote\b)"
    r"|(?P<rule>border:\s?none;\s?border-top:\s?solid|tabindex=[\"']?-1"
    r"|border-top:\s?(?:solid\s\S{3,20}\s1(?:\.0)?pt|\S{3,20}\s1(?:\.0)?pt\ssolid))"
)
_SHAPES: Final = ("border-top", "tabindex", "signature", "quote")
_MARK_BY_SHAPE: Final = {
    "signature": Mark.SIGNATURE,
    "quote": Mark.REST_IS_QUOTED,
    "rule": Mark.HEADERS,
}
_QUOTATION: Final = re.compile(r"type=[\"']?cite|class=[^>]{0,99}quote")
_OPENING: Final = re.compile(r"<(?!a\b|img\b)([a-zA-Z]{1,12})\s([^<>]{1,2000})>")
_LETTERS: Final = re.compile("[\ue0f0-\ue0f5]")


def marked(html: str) -> str:
    """Return HTML with a private letter inside each element that a client named."""
    if not html.isascii():
        html = _LETTERS.sub("", html)
    lowered = html.lower()
    names = [name for name in _MARK_BY_NAME if name in lowered]
    if not names and not any(shape in lowered for shape in _SHAPES):
        return html

    def with_letter(tag: re.Match[str]) -> str:
        mark = _mark_of(tag[1].lower(), tag[2].lower(), names)
        return f"{tag[0]}{mark}" if mark else tag[0]

    return _OPENING.sub(with_letter, html)


def _mark_of(element: str, attributes: str, names: Sequence[str]) -> Mark | None:
    """Return what a client says of an element; `names` are those that occur in the mail at all."""
    if element == "blockquote":
        return Mark.QUOTED if _QUOTATION.search(attributes) else None
    named = next((name for name in names if name in attributes), None)
    if named is not None:
        return _MARK_BY_NAME[named]
    shaped = _SHAPED.search(attributes)
    return _MARK_BY_SHAPE[str(shaped.lastgroup)] if shaped else None


def unmarked(text: str) -> str:
    """Return a text without the letters."""
    return _LETTERS.sub("", text)


def marks_in(text: str) -> tuple[str, dict[int, Mark]]:
    """Return a text without the letters, and the marks by the line at which they stood."""
    if _LETTERS.search(text) is None:
        return text, {}
    marks: dict[int, Mark] = {}
    lines: list[str] = []
    waiting: Mark | None = None
    for line in text.split("\n"):
        letters = _LETTERS.findall(line)
        said = _LETTERS.sub("", line) if letters else line
        waiting = min([*map(Mark, letters), *([waiting] if waiting else [])], default=None)
        is_blank = not said.strip("> ")
        if is_blank and (letters or not lines or not lines[-1]):
            continue
        if waiting is not None and not is_blank:
            marks[len(lines)] = waiting
            waiting = None
        lines.append(said)
    return "\n".join(lines).strip(), marks
