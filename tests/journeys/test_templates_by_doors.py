"""The ready-made sequences told in days through HTTP, SMTP and the clock of a whole stack.

A plain run tells two short stories; `make journeys` all of them.
"""

import os
from collections.abc import Iterator
from typing import Final

import pytest

from infra.local.stack import Stack
from tests.journeys.doors import Path, travel
from tests.journeys.stories import STORIES

IS_ALL: Final = os.environ.get("SEKVENS_JOURNEYS") == "all"
SHORT: Final = frozenset({("contact_no_show", "c2"), ("event_invite", "e1")})
TOLD: Final = [
    number
    for number, (template, answers, *_) in enumerate(STORIES)
    if IS_ALL or (template, answers) in SHORT
]


@pytest.fixture(scope="module")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Path]]:
    """Let all travel at once, on one clock."""
    with Stack(tmp_path_factory.mktemp("journeys")) as stack:
        paths = {
            number: Path(stack, STORIES[number][0], frozenset(STORIES[number][1].split()), number)
            for number in TOLD
        }
        travel(stack, list(paths.values()))
        yield paths


@pytest.mark.requirement("D365-TPL-06")
@pytest.mark.parametrize("number", TOLD, ids=[" ".join(STORIES[each][:2]) for each in TOLD])
def test_a_template_goes_as_told_through_the_doors(travelled: dict[int, Path], number: int) -> None:
    _, _, story, fate = STORIES[number]
    path = travelled[number]

    assert path.told() == story
    assert path.fate() == fate
    assert len(path.mails()) == story.count("sent")
