"""How sequences look on the wire: what may be sent, and what is shown."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.users import Consent
from chalicelib.domain.errors import Problem
from chalicelib.domain.ids import SequenceId, UserId
from chalicelib.domain.sequences.changes import SequenceChanges
from chalicelib.domain.sequences.definition import FlowVersion, Sequence
from chalicelib.domain.sequences.own_templates import OwnTemplate
from chalicelib.domain.sequences.templates import SequenceTemplate
from chalicelib.entry.shapes.sequences import Document

SettingsDocument = Annotated[
    dict[str, Any], msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/Settings"})
]
"""Settings as their author spells them; `domain/sequences` reads them, and flows."""


class NewSequence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a sequence."""

    name: str
    description: str | UnsetType = UNSET
    item_kind: ItemKind | None = None
    flow: Document | None = None
    template_key: str | None = None
    language: str | None = None
    settings: SettingsDocument | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET

    def changes(self) -> SequenceChanges:
        """Return what is set beyond the kind and the template."""
        return SequenceChanges(
            name=self.name,
            description=self.description,
            flow=UNSET if self.flow is None else self.flow,
            settings=self.settings,
            tags=self.tags,
        )


class SequenceChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a sequence; owner and kind of item cannot be changed (M9)."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    flow: Document | UnsetType = UNSET
    settings: SettingsDocument | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    change_note: str = ""

    def changes(self) -> SequenceChanges:
        """Return what is set."""
        return SequenceChanges(
            name=self.name,
            description=self.description,
            flow=self.flow,
            settings=self.settings,
            tags=self.tags,
        )


class Copying(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that copies a sequence."""

    name: str | None = None


def show(sequence: Sequence) -> dict[str, object]:
    """Return a sequence with its flow."""
    return {**show_briefly(sequence), "flow": sequence.flow}


def show_briefly(sequence: Sequence) -> dict[str, object]:
    """Return a sequence as a line of a list."""
    return {
        "id": sequence.id,
        "name": sequence.name,
        "description": sequence.description,
        "item_kind": sequence.item_kind,
        "status": sequence.status,
        "owner_id": sequence.owner_id,
        "tags": sequence.tags,
        "settings": sequence.settings,
        "version": sequence.version,
        "flow_version": sequence.flow_version,
        "created_at": sequence.created_at,
        "updated_at": sequence.updated_at,
    }


def show_version(published: FlowVersion) -> dict[str, object]:
    """Return one published flow as a line of the history."""
    return {
        "flow_version": published.number,
        "change_note": published.change_note,
        "published_at": published.published_at,
        "settings": published.settings,
        "flow": published.flow if published.document is None else published.document,
    }


def show_problems(problems: list[Problem]) -> dict[str, object]:
    """Return the answer of a check; what concerns no step has no `step_id`."""
    return {
        "valid": not problems,
        "problems": [
            {
                "step_id": None if each.path.startswith("$") else each.path,
                "code": each.code,
                "message": each.message,
            }
            for each in problems
        ],
    }


def show_template(template: SequenceTemplate | OwnTemplate) -> dict[str, object]:
    """Return a template; what is said of its size is computed from its flow."""
    is_own = isinstance(template, OwnTemplate)
    return {
        "key": template.key,
        "name": template.name,
        "item_kind": template.item_kind,
        "step_count": template.step_count,
        "days": template.days,
        "languages": [] if isinstance(template, OwnTemplate) else list(template.languages),
        "is_own": is_own,
        "version": template.version if isinstance(template, OwnTemplate) else None,
        "flow": template.flow,
    }


def show_consent(
    sequence_id: SequenceId, user_id: UserId, consent: Consent | None
) -> dict[str, object]:
    """Return whether a user lets a sequence send in their name."""
    return {
        "sequence_id": sequence_id,
        "user_id": user_id,
        "given": consent is not None,
        "given_at": consent.given_at if consent else None,
    }
