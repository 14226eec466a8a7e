"""A ready-made flow that an author starts from: the copy is theirs, the original never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.sequences.definition import Flow
from chalicelib.domain.sequences.paths import count_days, count_steps
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.ready_made.words.translation import Said, Translation

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
    translations: tuple[Translation, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages its texts are there, English first."""
        return (ENGLISH, *(each.language for each in self.translations))

    def flow_in(self, language: str) -> Mapping[str, object] | None:
        """Return the flow with its texts in one of the languages; the steps are the same."""
        if language == ENGLISH:
            return self.flow
        found = next((each for each in self.translations if each.language == language), None)
        if found is None:
            return None
        steps: Sequence[Mapping[str, object]] = self.flow["steps"]  # type: ignore[assignment]
        said = found.said[self.key]
        translated = [_translated(step, said.get(str(step["id"])), found) for step in steps]
        return {**self.flow, "steps": translated}

    def name_in(self, language: str) -> str:
        """Return its name in one of the languages."""
        names = {each.language: each.names[self.key] for each in self.translations}
        return names.get(language, self.name)

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


def _translated(
    step: Mapping[str, object], said: Said | None, translation: Translation
) -> Mapping[str, object]:
    if said is None:
        return step
    subject, *rest = said
    if step["type"] == "email":
        # Its name is for people who look at the flow; the subject says as much in their language.
        name = {"name": subject} if "{{" not in subject else {}
        body = translation.mail(tuple(rest))
        return {**{key: step[key] for key in step if key != "name"}, **name} | {
            "subject": subject,
            "body": body,
        }
    return {**step, "subject": subject, "note": rest[0]}
