"""How a language says hello and goodbye, and what it puts in the place of the English texts."""

from collections.abc import Mapping
from dataclasses import dataclass

Said = tuple[str, ...]
"""Of a mail: its subject, then its paragraphs. Of a task: its subject, then its note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One language; `said` is by template, then by step."""

    language: str
    greeting: str
    closing: str
    names: Mapping[str, str]
    said: Mapping[str, Mapping[str, Said]]

    def mail(self, paragraphs: Said) -> str:
        """Return the body: greeting, paragraphs (a list stays one), closing."""
        middle = [each if each.startswith("<") else f"<p>{each}</p>" for each in paragraphs]
        return "\n".join((f"<p>{self.greeting}</p>", *middle, f"<p>{self.closing}</p>", ""))
