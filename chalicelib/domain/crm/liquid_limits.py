"""Liquid for mails: few tags, few filters, and bounds on all of them.

Authors of many tenants share our workers, so a text may not loop, read a clock or another text, or
let a short chain of filters grow into gigabytes. A field without a value is falsy in a question and
takes a fallback, but may not be printed.

A module of its own, for importing python-liquid takes longer than most doors may take to open.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, wraps
from io import StringIO
from typing import Final

from liquid import BoundTemplate, Environment, FalsyStrictUndefined, Node, RenderContext
from liquid.builtin.expressions import tokenize
from liquid.exceptions import FilterError, LiquidError, LiquidSyntaxError, UndefinedError
from liquid.token import (
    TOKEN_EXPRESSION,
    TOKEN_FLOAT,
    TOKEN_INTEGER,
    TOKEN_PIPE,
    TOKEN_RANGE,
    TOKEN_RANGE_LITERAL,
    TOKEN_TAG,
    Token,
)
from liquid.undefined import is_undefined

MOST_CHARACTERS: Final = 64 * 1024
"""A text's length, what any filter makes of it, and what comes out."""
_MOST: Final = 10**15
"""How large a number a filter may make; a price in any currency is smaller."""
_LONGEST_EXPRESSION: Final = 1_000
"""Between two braces; reading one takes the square of its length."""
_LONGEST_NUMBER: Final = 30
_MOST_FILTERS: Final = 100
"""In one text; each may read all that a text may be long."""

_BROKEN: Final = (ArithmeticError, ValueError, RecursionError)
"""What filters raise at `inf`, at `nan`, and at half a letter."""
_OPENING: Final = re.compile(r"\{\{|\{%")
_NAME: Final = re.compile(r"-?\s*(#|\w+)")

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

    def _parse(self, source: str) -> list[Node]:
        _insist_on_short_expressions(source)
        _insist_on_plain_expressions(source, self)
        return super()._parse(source)


@cache
def environment(*, is_html: bool) -> Environment:
    """Return the environment for HTML, where values are escaped, or for plain text."""
    bounded = _Environment(undefined=FalsyStrictUndefined, autoescape=is_html)
    bounded.tags = {name: bounded.tags[name] for name in (*_TAGS, *_PARTS)}
    bounded.filters = {name: _bounded(bounded.filters[name]) for name in FILTERS}
    return bounded


def failure_of(template: BoundTemplate, roots: Mapping[str, object]) -> str | None:
    """Return why the text cannot be rendered, whatever the fields hold; a missing one is none."""
    context = RenderContext(template, globals=roots)
    for node in template.nodes:
        try:
            node.render(context, StringIO())
        except UndefinedError:
            continue
        except LiquidError as error:
            return first_line(error)
        except _BROKEN as error:
            return type(error).__name__
    return None


def first_line(error: LiquidError) -> str:
    """Return what is wrong, without the drawing of where."""
    return str(error).partition("\n")[0].rstrip(".")


def _insist_on_short_expressions(source: str) -> None:
    """Refuse what Liquid's own reader would take the square of its length for, or longer.

    It looks for each end from each beginning anew, so what never ends is refused here.
    """
    at = 0
    while opening := _OPENING.search(source, at):
        closing = "}}" if opening[0] == "{{" else "%}"
        end = source.find(closing, opening.end())
        if end < 0:
            raise LiquidSyntaxError(f"expected '{closing}', found end of file", token=None)
        if end - opening.end() > _LONGEST_EXPRESSION:
            message = f"more than {_LONGEST_EXPRESSION} characters between two braces"
            raise LiquidSyntaxError(message, token=None)
        if closing == "%}":
            name = _NAME.match(source, opening.end(), end)
            if name is None or name[1] in {"raw", "doc"}:
                message = f"unknown tag {source[opening.end() : end].strip()!r}"
                raise LiquidSyntaxError(message, token=None)
        at = end + len(closing)


def _insist_on_plain_expressions(source: str, reader: Environment) -> None:
    """Refuse ranges, which name a billion things in few letters, and what has no end."""
    filters = 0
    for word in _words(source, reader):
        if word.kind in {TOKEN_RANGE, TOKEN_RANGE_LITERAL}:
            raise LiquidSyntaxError("a range, such as (1..9), is not known here", token=word)
        if word.kind in {TOKEN_INTEGER, TOKEN_FLOAT} and len(word.value) > _LONGEST_NUMBER:
            raise LiquidSyntaxError("a number is too long", token=word)
        filters += word.kind == TOKEN_PIPE
        if filters > _MOST_FILTERS:
            raise LiquidSyntaxError(f"more than {_MOST_FILTERS} filters", token=word)


def _words(source: str, reader: Environment) -> Iterator[Token]:
    is_remark = False
    for token in reader.tokenizer()(source):
        if token.kind == TOKEN_EXPRESSION and not is_remark:
            yield from tokenize(token.value, token)
        is_remark = token.kind == TOKEN_TAG and token.value == "#"


def _bounded(original: Callable[..., object]) -> Callable[..., object]:
    """Let a filter fail before chains of it fill the memory, and only ever as Liquid's own."""

    @wraps(original)
    def bounded(*args: object, **kwargs: object) -> object:
        try:
            result = original(*args, **kwargs)
            _insist_on_modest(result)
        except (LiquidError, *_BROKEN) as error:
            for arg in args:
                if is_undefined(arg):
                    str(arg)  # says which field is missing; that it cannot be counted is no news
            if isinstance(error, LiquidError):
                raise
            raise FilterError("a filter cannot take this value", token=None) from error
        return result

    return bounded


def _insist_on_modest(result: object) -> None:
    is_long = isinstance(result, str) and len(result) > MOST_CHARACTERS
    # Asked this way round, for `nan` is neither too large nor within bounds.
    is_huge = isinstance(result, int | float | Decimal) and not -_MOST <= result <= _MOST
    if is_long or is_huge:
        raise FilterError("a filter's result is too large", token=None)
