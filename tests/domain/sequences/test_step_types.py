"""Everything that may stand in a flow: steps, conditions, commands, LinkedIn actions."""

from typing import Final

import pytest

from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.steps import type_of

WORDS: Final = {"subject": "Chairs", "body": "<p>Talk?</p>"}
STEPS: Final = [
    {"id": "mail", "type": "email", **WORDS, "next": "asked"},
    {
        "id": "asked",
        "type": "condition",
        "on": "replied",
        "of": "mail",
        "within": "P2D",
        "yes": "set",
        "no": "test",
    },
    {
        "id": "set",
        "type": "update_field",
        "field": "stage",
        "value": "demo",
        "next": "over",
    },
    {"id": "over", "type": "advance_to_sequence", "sequence_id": "sequence-2"},
    {"id": "test", "type": "ab_test", "a": WORDS, "b": WORDS, "next": "wait"},
    {"id": "wait", "type": "wait", "for": "P1D", "next": "connect"},
    {"id": "connect", "type": "linkedin", "action": "connect", "next": "call"},
    {"id": "call", "type": "activity", "activity_type": "call", "subject": "Call"},
]


@pytest.mark.requirement("D365-SEQ-19")
def test_steps_conditions_commands_and_linkedin_actions_are_read() -> None:
    flow = read_flow({"start": "mail", "steps": STEPS})

    assert [type_of(step) for step in flow.steps] == [
        "email",
        "condition",
        "update_field",
        "advance_to_sequence",
        "ab_test",
        "wait",
        "linkedin",
        "activity",
    ]
