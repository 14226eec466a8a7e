"""The ready-made sequences in six languages: the same steps, texts that can be sent."""

import re
from typing import Final

import pytest

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.merge_fields import fields_of, render
from chalicelib.domain.sequences.catalog import READY_MADE
from chalicelib.domain.sequences.checks import problems_of
from chalicelib.domain.sequences.definition import EmailStep, Flow
from chalicelib.domain.sequences.paths import count_days, count_steps
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.templates import SequenceTemplate
from tests.builders import a_deal, a_lead, a_person, a_user, an_organization

LANGUAGES: Final = ("en", "sv", "nb", "da", "pl", "de")
ITEMS: Final = {
    ItemKind.LEAD: a_lead(),
    ItemKind.DEAL: a_deal(),
    ItemKind.PERSON: a_person(),
    ItemKind.ORGANIZATION: an_organization(),
}
each_template = pytest.mark.parametrize("template", READY_MADE, ids=lambda each: each.key)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def flow_of(template: SequenceTemplate, language: str) -> Flow:
    document = template.flow_in(language)
    assert document is not None
    return read_flow(document)


@each_template
def test_every_template_speaks_six_languages(template: SequenceTemplate) -> None:
    assert template.languages == LANGUAGES
    assert template.flow_in("fi") is None
    assert len({template.name_in(each) for each in LANGUAGES}) == 6


@pytest.mark.requirement("D365-TPL-05")
@each_template
@each_language
def test_a_translation_has_the_same_steps_and_passes_every_check(
    template: SequenceTemplate, language: str
) -> None:
    english, flow = flow_of(template, "en"), flow_of(template, language)

    assert problems_of(flow, template.item_kind) == []
    assert (count_steps(flow), count_days(flow)) == (template.step_count, template.days)
    for ours, original in zip(flow.steps, english.steps, strict=True):
        assert (ours.id, type(ours)) == (original.id, type(original))


@each_template
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_stays_in_english(template: SequenceTemplate, language: str) -> None:
    def texts(flow: Flow) -> list[str]:
        named = ("subject", "body", "note")
        found = [getattr(step, name, None) for step in flow.steps for name in named]
        return [text for text in found if text]

    english, ours = texts(flow_of(template, "en")), texts(flow_of(template, language))

    assert len(ours) == len(english)
    assert not set(ours) & set(english)


@each_template
@each_language
def test_a_mail_reads_well_with_and_without_values(
    template: SequenceTemplate, language: str
) -> None:
    item = ITEMS[template.item_kind]
    known = fields_of(item, a_person(), an_organization(), a_user())
    bare = fields_of(item, None, None, a_user())

    for step in flow_of(template, language).steps:
        if not isinstance(step, EmailStep):
            continue
        for fields in (known, bare):
            body = render(step.body or "", fields, is_html=True)
            assert "Sally Seller" in body
            assert not re.search(r"\{\{|  |>,|> ", re.sub(r"\s*\n", "", body)) or language == "en"
            assert render(step.subject or "", fields, is_html=False).strip()
