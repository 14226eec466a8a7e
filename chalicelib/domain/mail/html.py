"""HTML of strangers: made harmless before it is kept, and read as text."""

import re
from html import unescape
from typing import Final

import nh3

_STRUCTURE: Final = {
    "a", "b", "blockquote", "br", "caption", "center", "code", "dd", "div", "dl", "dt", "em",
    "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s",
    "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    # No `src`: a remote image tells its sender who read the mail, where and when.
    "img": {"alt", "title", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_UNREAD: Final = {"script", "style", "title", "head", "template", "noscript"}
# Made once: its tables take five times as long as cleaning a letter.
_CLEANER: Final = nh3.Cleaner(
    tags=_STRUCTURE,
    clean_content_tags=_UNREAD,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)
_FEW_TAGS: Final = 2000
_DEEPEST: Final = 500
_ANY_TAG: Final = re.compile(r"<(/?)[a-zA-Z]")
_TAG: Final = re.compile(r"<(/?)([a-z0-9]{1,16})[^<>]*>")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_DEEPEST_QUOTE: Final = 5
_BLOCKS: Final = frozenset(
    {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "hr"}
    | {"br", "blockquote"}
)


def sanitize(html: str) -> str:
    """Return HTML without scripts, styles, forms, frames and remote images."""
    if html.count("<") > _FEW_TAGS and _is_deep(html):
        # Thousands of nested tags are no letter; they are shown as text.
        html = re.sub(r"<[^<>]*>", " ", html)
    return _CLEANER.clean(html)


def text_of(clean: str) -> str:
    """Return sanitised HTML as plain text; what is quoted in it gets `> ` before each line."""
    pieces: list[str] = []
    quotes = kept_as_is = end = 0
    for tag in _TAG.finditer(clean):
        pieces.append(_said(clean[end : tag.start()], quotes if kept_as_is else None))
        end = tag.end()
        if tag[2] == "blockquote":
            quotes = _deeper(quotes, tag[1])
        elif tag[2] == "pre":
            kept_as_is = _deeper(kept_as_is, tag[1])
        pieces.append(_between(tag, min(quotes, _DEEPEST_QUOTE)))
    pieces.append(_said(clean[end:], quotes if kept_as_is else None))
    return _tidied(unescape("".join(pieces)))


def _deeper(depth: int, closing: str) -> int:
    return max(0, depth - 1) if closing else depth + 1


def _said(text: str, quotes: int | None) -> str:
    """Return text as it is shown: white space is one space, unless lines are kept as they are."""
    if quotes is None or "\n" not in text:
        return _SPACES.sub(" ", text)
    return text.replace("\n", "\n" + "> " * min(quotes, _DEEPEST_QUOTE))


def _between(tag: re.Match[str], quotes: int) -> str:
    """Return what a tag is in plain text: a new line, a space, or nothing."""
    if tag[2] in _BLOCKS:
        return "\n" + "> " * quotes
    return " " if tag[2] in {"td", "th"} and tag[1] else ""


def _is_deep(html: str) -> bool:
    depth = deepest = 0
    for tag in _ANY_TAG.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _tidied(text: str) -> str:
    """Leave at most one empty line between two others."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line.strip() or (kept and kept[-1]):
            kept.append(line.strip())
    return "\n".join(kept).strip()
