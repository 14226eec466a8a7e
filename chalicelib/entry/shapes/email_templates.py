"""How e-mail templates are shown."""

from typing import Annotated, TypedDict

from msgspec import Meta

from chalicelib.entry.shapes.answers import Instant

_Missing = Annotated[
    list[str], Meta(description="Merge fields without value and fallback; a real mail would fail.")
]


class EmailTemplate(TypedDict):
    """A ready-made mail; subject and body are Liquid."""

    id: str
    name: str
    language: str
    subject: str
    body: str
    owner_id: str
    created_at: Instant
    updated_at: Instant
    version: Annotated[int, Meta(description="Grows with every write; for `If-Match`.")]


class EmailTemplatePreview(TypedDict):
    """A template filled in; gaps stand in it as they were written."""

    subject: str
    html: str
    text: str
    missing: _Missing


class EmailTemplateTest(TypedDict):
    """A test mail that went out."""

    to: str
    subject: str
    missing: _Missing
