"""Rows stay small: JSON without what is empty, packed where it is long."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.storage import lean

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=60,
)


@given(value=_JSON)
def test_what_was_spelled_is_read_as_it_was(value: object) -> None:
    assert lean.read(lean.spell(value)) == value


def test_a_short_text_can_be_read_by_eye() -> None:
    assert lean.spell({"step_id": "e1", "phase": "waiting"}) == (
        '{"step_id":"e1","phase":"waiting"}'
    )


def test_a_long_text_is_packed_to_much_less() -> None:
    lines = [{"step_id": f"e{at}", "type": "email", "state": "reached"} for at in range(20)]

    assert len(lean.spell(lines)) < 300


def test_what_is_empty_is_left_out_at_any_depth_but_for_what_is_needed() -> None:
    said = {
        "lease": {"attempt": 1, "why": "", "lines": [{"step_id": None, "by": None}]},
        "tries": 0,
        "last": {"outcome": None},
    }

    assert lean.lean(said, frozenset({"step_id"})) == {
        "lease": {"attempt": 1, "lines": [{"step_id": None}]}
    }
