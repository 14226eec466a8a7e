"""The texts of a mail before its merge fields are filled in.

They stand in the step, in a version of an A/B test, or in one of the tenant's e-mail templates; of
templates that share a name the one in the recipient's language is taken, if there is one.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from chalicelib.domain.crm.email_templates import EmailTemplate
from chalicelib.domain.crm.languages import language_of, primary
from chalicelib.domain.ids import EmailTemplateId, TenantId
from chalicelib.domain.sequences.ab_tests import Letter, letter_in
from chalicelib.domain.sequences.definition import AbTestStep, EmailStep
from chalicelib.services.decisions import Bench
from chalicelib.storage.email_templates import EmailTemplateStore
from chalicelib.storage.rows.base import Row

_PAGE: Final = 100
_MOST_PAGES: Final = 5
_FRESH_FOR_S: Final = 30


class TemplateGoneError(Exception):
    """A step names an e-mail template that is no longer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Subject and HTML body, with their braces."""

    subject: str
    body: str


def words_of(
    step: EmailStep, versions: tuple[str, ...], country: str | None, *, bench: Bench
) -> Words:
    """Return the texts for one enrollment; `versions` are those of its head.

    Raises TemplateGoneError.
    """
    template_id, subject, body = step.template_id, step.subject, step.body
    if isinstance(step, AbTestStep):
        version = step.version(letter_in(versions, step.id) or Letter.A)
        template_id, subject, body = version.template_id, version.subject, version.body
    if template_id is None:
        return Words(subject=subject or "", body=body or "")
    template = _in_language(EmailTemplateId(template_id), country, bench)
    return Words(subject=template.subject, body=template.body)


def _in_language(template_id: EmailTemplateId, country: str | None, bench: Bench) -> EmailTemplate:
    template = bench.stores.email_templates.find(template_id)
    if template is None:
        raise TemplateGoneError(template_id)
    wanted = language_of(country)
    if wanted is None or wanted == primary(template.language):
        return template
    for sibling_id in _siblings(bench, template.name, wanted):
        sibling = bench.stores.email_templates.find(sibling_id)
        if sibling is not None:
            return sibling
    return template


def _siblings(bench: Bench, name: str, language: str) -> list[EmailTemplateId]:
    known = _names(Row.Meta.table_name, bench.stores.tenant_id, _half_minute(bench.now()))
    return [each for each, named, spoken in known if (named, primary(spoken)) == (name, language)]


def _half_minute(now: datetime) -> int:
    return int(now.timestamp()) // _FRESH_FOR_S


@lru_cache(maxsize=64)
def _names(
    _table: str, tenant_id: TenantId, _half_minute: int
) -> tuple[tuple[EmailTemplateId, str, str], ...]:
    """Return ids, names and languages of a tenant's templates, read once in half a minute."""
    store = EmailTemplateStore(tenant_id)
    found: list[EmailTemplate] = []
    cursor = None
    for _ in range(_MOST_PAGES):
        listing = store.list_page(limit=_PAGE, cursor=cursor)
        found += listing.rows
        cursor = listing.cursor
        if cursor is None:
            break
    return tuple((each.id, each.name, each.language) for each in found)
