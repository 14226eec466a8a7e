"""A ready-made flow that an author starts from: the copy is theirs, the original never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.definition import Flow
from chalicelib.domain.sequences.paths import count_days, count_steps
from chalicelib.domain.sequences.reading import read_flow

ENGLISH: Final = "en"


@dataclass(frozen=True, kw_only=True)
class SequenceTemplate:
    """A flow for one scenario and one kind of item, with texts that can be sent as they stand.

    `flow` is the document, spelled as an author would; what people are told of it is computed.
    """

    key: str
    name: str
    item_kind: ItemKind
    flow: Mapping[str, object]
    languages: tuple[str, ...] = (ENGLISH,)

    @cached_property
    def step_count(self) -> int:
        """How many steps there are, without waits, conditions and ends (D365-TPL-05)."""
        return count_steps(self._read)

    @cached_property
    def days(self) -> int:
        """How many days the longest way through takes."""
        return count_days(self._read)

    @cached_property
    def _read(self) -> Flow:
        return read_flow(self.flow)
