"""Liquid for mails: few tags, few filters, and bounds on all of them.

Authors of many tenants share our workers, so a text may not loop, read a clock or another text, or
let a short chain of filters grow into gigabytes. A field without a value is falsy in a question and
takes a fallback, but may not be printed.

A module of its own, for importing python-liquid takes longer than most doors may take to open.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cache, wraps
from typing import Final

from liquid import Environment, FalsyStrictUndefined
from liquid.exceptions import FilterError

MOST_CHARACTERS: Final = 64 * 1024
"""A text's length, what any filter makes of it, and what comes out."""
_MOST: Final = 10**15
"""How large a number a filter may make; a price in any currency is smaller."""

_TAGS: Final = ("#", "assign", "capture", "case", "comment", "echo", "if", "unless")
_PARTS: Final = ("content", "illegal", "output")
FILTERS: Final = frozenset(
    {
        *("default", "escape", "newline_to_br", "strip_html", "strip_newlines", "url_encode"),
        *("append", "prepend", "remove_first", "slice", "truncate", "truncatewords"),
        *("capitalize", "downcase", "upcase", "strip", "lstrip", "rstrip"),
        *("first", "last", "join", "size"),
        *("abs", "at_least", "at_most", "ceil", "floor", "round"),
        *("plus", "minus", "times", "divided_by", "modulo"),
    }
)


class _Environment(Environment):
    block_nesting_limit = 20
    context_depth_limit = 8
    local_namespace_limit = 4 * MOST_CHARACTERS
    output_stream_limit = MOST_CHARACTERS


@cache
def environment(*, is_html: bool) -> Environment:
    """Return the environment for HTML, where values are escaped, or for plain text."""
    bounded = _Environment(undefined=FalsyStrictUndefined, autoescape=is_html)
    bounded.tags = {name: bounded.tags[name] for name in (*_TAGS, *_PARTS)}
    bounded.filters = {name: _bounded(bounded.filters[name]) for name in FILTERS}
    return bounded


def _bounded(original: Callable[..., object]) -> Callable[..., object]:
    """Let a filter fail before chains of it fill the memory."""

    @wraps(original)
    def bounded(*args: object, **kwargs: object) -> object:
        if any(isinstance(arg, range) for arg in args):
            raise FilterError("a range cannot be filtered", token=None)
        result = original(*args, **kwargs)
        is_long = isinstance(result, str) and len(result) > MOST_CHARACTERS
        if is_long or (isinstance(result, int | Decimal) and not -_MOST <= result <= _MOST):
            raise FilterError("a filter's result is too large", token=None)
        return result

    return bounded
