"""Whatever an author wrote and a field holds, a text comes out or a refusal, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.liquid_limits import FILTERS
from chalicelib.domain.crm.merge_fields import MissingFieldError, TemplateError, render

ODD = [
    "inf",
    "-inf",
    "nan",
    "1e999999",
    "9" * 5_000,
    "\ud800",
    "",
    "<" * 500,
    10**400,
    -0.0,
    [],
    {},
]


def written(text: str, **person: object) -> str | None:
    try:
        return render(text, {"person": person}, is_html=True)
    except (MissingFieldError, TemplateError):
        return None


@pytest.mark.parametrize(
    "text, value",
    [
        ("Budget {{ person.budget | round }}", "inf"),
        ("Budget {{ person.budget | round }}", "nan"),
        ("Budget {{ person.budget | ceil }}", float("inf")),
        ("{{ person.budget }}", "\ud800"),
        ("{{ person.budget | url_encode }}", "\ud800"),
        pytest.param("{{ person.budget }}", 10**5_000, id="5000 digits"),
    ],
)
def test_a_value_that_cannot_be_worked_with_is_a_fault_of_the_text(
    text: str, value: object
) -> None:
    with pytest.raises(TemplateError):
        render(text, {"person": {"budget": value}}, is_html=True)


def test_a_missing_number_is_told_as_missing() -> None:
    with pytest.raises(MissingFieldError) as told:
        render("{{ 10 | divided_by: person.budget }}", {"person": {}}, is_html=False)

    assert "budget" in told.value.field


@given(
    st.sampled_from(sorted(FILTERS)),
    st.sampled_from(ODD),
    st.sampled_from(["", ": 0", ": 1", ": person.budget", ": -99, person.budget", ": 'x', 'y'"]),
)
def test_every_filter_takes_odd_values_or_refuses(name: str, value: object, given: str) -> None:
    written("{{ person.budget | " + name + given + " }}", budget=value)


@given(
    st.lists(
        st.sampled_from(
            [
                *("{{", "}}", "{%", "%}", "{% if ", "{% endif %}", "{% assign x = ", "{% case "),
                *(
                    "person.budget",
                    "(",
                    ")",
                    "(1..",
                    "1000000000",
                    "..",
                    "[",
                    "]",
                    "'",
                    " contains ",
                ),
                *(
                    " | times: ",
                    " | append: ",
                    " | round",
                    "'inf'",
                    "x",
                    "\n",
                    "{% comment %}",
                    "-",
                ),
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_a_hostile_text_comes_out_or_is_refused(text: str) -> None:
    written(text, budget="inf")
