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
        "{{ (1..9999999999) | join: '' }}",
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_a_text_that_would_grow_is_stopped(text: str) -> None:
    with pytest.raises(LiquidError):
        rendered(text)


def test_a_range_is_never_spelled_out() -> None:
    assert rendered("{{ (1..9999999999) }}") == "1..9999999999"


def test_what_a_value_holds_is_not_read_as_liquid() -> None:
    text = "{{ person.name | prepend: '{' | prepend: '{' | append: '}' }}"

    assert rendered(text) == "{{Ann <3}"
