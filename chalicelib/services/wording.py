"""The texts of a mail before its merge fields are filled in.

They stand in the step, in a version of an A/B test, or in one of the tenant's e-mail templates; of
templates that share a name the one in the recipient's language is taken, if there is one.
"""

from dataclasses import dataclass

from chalicelib.domain.crm.email_templates import EmailTemplate
from chalicelib.domain.crm.languages import language_of, primary
from chalicelib.domain.ids import EmailTemplateId
from chalicelib.domain.sequences.ab_tests import Letter, letter_in
from chalicelib.domain.sequences.definition import AbTestStep, EmailStep
from chalicelib.services.decisions import Bench


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
    known = bench.stores.email_templates.names(bench.now())
    return [each for each, named, spoken in known if (named, primary(spoken)) == (name, language)]
