"""No text keeps a worker busy."""

import pytest
from liquid.exceptions import LiquidError

from chalicelib.domain.crm.liquid_limits import environment


def rendered(text: str, *, is_html: bool = False) -> str:
    return environment(is_html=is_html).from_string(text).render(person={"name": "Ann <3"})


def test_values_in_html_are_escaped() -> None:
    assert rendered("<b>{{ person.name }}</b>", is_html=True) == "<b>Ann &lt;3</b>"
    assert rendered("{{ person.name }}") == "Ann <3"


def test_a_missing_value_takes_its_fallback() -> None:
    assert rendered("{{ person.phone | default: 'none' }}") == "none"


def test_a_missing_value_answers_a_question_with_no() -> None:
    assert rendered("{% if person.phone %}yes{% else %}no{% endif %}") == "no"


def test_a_missing_value_cannot_be_printed() -> None:
    with pytest.raises(LiquidError, match="phone"):
        rendered("{{ person.phone }}")


@pytest.mark.parametrize(
    "text",
    [
        "{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 60 + "{{ n }}",
        "{% assign s = 'aaaaaaaa' %}" + "{% assign s = s | append: s %}" * 60 + "{{ s }}",
        "{% assign s = 'a' %}" + "{% capture s %}{{ s }}{{ s }}{% endcapture %}" * 60,
        "{{ 'x' | append: 'y' }}" * 101,
        "{{ person.name" + " | append: 'y'" * 101 + " }}",
        "{{ " + "9" * 5_000 + " }}",
        "{{ " + "9" * 31 + " }}",
        "{{ " + "(" * 1_001 + " }}",
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_a_text_that_would_grow_is_stopped(text: str) -> None:
    with pytest.raises(LiquidError):
        rendered(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ (1..9) }}",
        "{{ (1..9999999999) | join: '' }}",
        "{% assign many = (1..1000000000) %}",
        "{% if (1..1000000000) contains 'x' %}a{% endif %}",
        "{% if 'x' == (person.name..1000000000) %}a{% endif %}",
        "{% case (1..9) %}{% when (1..9) %}a{% endcase %}",
        "{{ 'x' | default: (1..9) }}",
        "{{ person[(1..9)] }}",
    ],
)
def test_a_range_is_refused_before_it_is_rendered(text: str) -> None:
    with pytest.raises(LiquidError, match="range"):
        environment(is_html=False).from_string(text)


@pytest.mark.parametrize("text", ["(1..9)", "{{ 'from (1..9)' }}", "{% # it's (1..9) %}"])
def test_what_only_looks_like_a_range_is_text(text: str) -> None:
    environment(is_html=False).from_string(text)


@pytest.mark.parametrize(
    "part",
    [
        *("{{", "{%", "{{-", "{%-", "{{ '", "{% if ", "{% raw %}", "{% doc %}", "{% comment %}"),
        *("{% comment %}{% !{{ %}", "{{ 'x' | append: '", "{{ person['"),
    ],
)
def test_braces_that_never_close_are_refused_without_reading_on(part: str) -> None:
    # Liquid's own reader would be busy with some of these for minutes.
    with pytest.raises(LiquidError):
        environment(is_html=False).from_string(part * (60_000 // len(part)))


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'inf' | ceil }}",
        "{{ 'nan' | round }}",
        "{{ '1e999999' | round }}",
        "{{ 1.0 | modulo: 0 }}",
        "{{ 'Infinity' | times: 0 }}",
        "{{ 1 | divided_by: 0.0 }}",
    ],
)
def test_a_filter_that_cannot_count_fails_as_liquid_does(text: str) -> None:
    with pytest.raises(LiquidError):
        rendered(text)


def test_what_a_value_holds_is_not_read_as_liquid() -> None:
    text = "{{ person.name | prepend: '{' | prepend: '{' | append: '}' }}"

    assert rendered(text) == "{{Ann <3}"
