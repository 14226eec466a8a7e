"""Texts of steps: what can be read, and which merge fields they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.liquid_texts import fault_of
from chalicelib.domain.sequences.texts import unknown_fields


def test_a_text_with_a_fallback_is_fine() -> None:
    text = 'Hi {{ person.first_name | default: "there" }}'

    assert fault_of(text) is None
    assert unknown_fields(text, ItemKind.LEAD) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ person.name",
        "{% if item.title %}",
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% for tag in item.tags %}{{ tag }}{% endfor %}",
        "{{ item.title | replace: 'a', 'b' }}",
        "{{ 'now' | date: '%Y' }}",
        "{% if a %}" * 30,
        "x" * 70_000,
        "{{ 'inf' | ceil }}",
        "Hi {{ person.first_name }}, {{ 1 | divided_by: 0 }}",
        "{% if (1..1000000000) contains 'x' %}a{% endif %}",
        "{% raw %}{{ person.name }}{% endraw %}",
        "{{ " + "9" * 5_000 + " }}",
    ],
)
def test_what_we_do_not_run_is_a_fault(text: str) -> None:
    assert fault_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ item.value | divided_by: item.parts | round: 2 }}",
        "{{ 10 | divided_by: item.value }}",
        "{% assign half = item.value | divided_by: 2 %}{{ half | plus: 1 }}",
        "{% if item.value > 10 %}much{% endif %}",
    ],
)
def test_what_only_some_values_would_break_is_no_fault(text: str) -> None:
    assert fault_of(text) is None


def test_a_fault_is_one_line() -> None:
    assert fault_of("{{ person.name") == "expected '}}', found end of file"


@pytest.mark.parametrize(
    "text, unknown",
    [
        ("{{ lead.title }} {{ item.title }} {{ organization.name }}", []),
        ("{{ sender.signature }} {{ sender.salary }}", ["sender.salary"]),
        ("{{ sender['nmae'] }} {{ sender.name.first }}", ["sender.name.first", "sender.nmae"]),
        (
            "{% if sender.nmae %}{{ person.nick | default: sender.foo }}{% endif %}",
            ["sender.foo", "sender.nmae"],
        ),
        ("{{ deal.title }}", ["deal.title"]),
        ("{{ contact.name }} {{ first_name }}", ["contact.name", "first_name"]),
        ("{{ person }}", ["person"]),
        ("{{ item[person.name] }}", ["item.['person', 'name']"]),
        ("{% assign who = person.name %}{{ who }}", []),
        ("{% if company.name %}x{% endif %}", ["company.name"]),
    ],
)
def test_fields_that_a_lead_sequence_does_not_have_are_named(text: str, unknown: list[str]) -> None:
    assert unknown_fields(text, ItemKind.LEAD) == unknown


def test_each_kind_goes_by_its_own_name() -> None:
    assert unknown_fields("{{ deal.title }}", ItemKind.DEAL) == []


@given(st.text(alphabet="{}%| .abif()'\"0123") | st.text())
def test_any_text_is_read_or_has_a_fault(text: str) -> None:
    if fault_of(text) is None:
        assert isinstance(unknown_fields(text, ItemKind.LEAD), list)
