"""Liquid within bounds: an author's text may not keep a worker busy, nor read other texts.

A module of its own, for importing python-liquid takes longer than most doors may take to open.
"""

from functools import cache
from typing import Final

from liquid import Environment
from liquid.undefined import StrictDefaultUndefined

MOST_CHARACTERS: Final = 64 * 1024
"""A template's length, and that of what comes out."""
_FORBIDDEN_TAGS: Final = ("include", "render", "extends", "block", "macro", "call", "import")


class _Limited(Environment):
    """Liquid with every limit set."""

    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = 1_000
    local_namespace_limit = 1_000
    output_stream_limit = MOST_CHARACTERS


@cache
def environment(*, is_html: bool) -> Environment:
    """Return Liquid as we run it; a field without value or fallback is an error."""
    limited = _Limited(autoescape=is_html, undefined=StrictDefaultUndefined)
    for name in _FORBIDDEN_TAGS:
        limited.tags.pop(name, None)
    return limited
