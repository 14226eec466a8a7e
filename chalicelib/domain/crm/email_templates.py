"""A ready-made mail of the tenant: subject and body, in one language, with merge fields."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.liquid_texts import ROOTS, fault_of, unknown_roots
from chalicelib.domain.errors import Problem
from chalicelib.domain.given import fields_given
from chalicelib.domain.ids import EmailTemplateId, UserId

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", max_length=12)]
"""A tag of BCP 47 such as `en`, `pt-BR` or `zh-Hant`."""


class EmailTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept; whoever made it may change it."""

    id: EmailTemplateId
    name: str
    language: str
    subject: str
    body: str
    owner_id: UserId
    created_at: datetime
    updated_at: datetime
    version: int = 0


class EmailTemplateChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What its author may set; UNSET leaves a field as it is."""

    name: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    body: str | UnsetType = UNSET


def problems_of(changes: EmailTemplateChanges) -> Iterator[Problem]:
    """Return everything that keeps the changes from being saved."""
    if changes.name is not UNSET:
        yield from fields.check_line("$.name", changes.name)
    if changes.subject is not UNSET:
        yield from fields.check_line("$.subject", changes.subject)
        yield from _fault("$.subject", changes.subject)
    if changes.body is not UNSET:
        if not changes.body.strip():
            yield Problem(path="$.body", code="blank", message="Give at least one character.")
        yield from _fault("$.body", changes.body)


def applied(
    template: EmailTemplate, changes: EmailTemplateChanges, *, now: datetime
) -> EmailTemplate:
    """Return the template with the changes, which must have been checked; itself if none differ."""
    changed = msgspec.structs.replace(template, **fields_given(changes))
    return template if changed == template else msgspec.structs.replace(changed, updated_at=now)


def _fault(path: str, text: str) -> Iterator[Problem]:
    fault = fault_of(text)
    if fault is not None:
        message = f"This cannot be read as Liquid: {fault}."
        yield Problem(path=path, code="wrong_text", message=message)
        return
    for name in unknown_roots(text):
        message = f"`{name}` names nothing; merge fields begin with one of: {', '.join(ROOTS)}."
        yield Problem(path=path, code="unknown_field", message=message)
