"""Stories of the doors that time opens: an enrollment is due, and its step is taken."""

from datetime import timedelta
from functools import partial
from typing import Final

from chalicelib.domain.ids import SequenceId
from tests.services.doors import place
from tests.services.doors.story import Story, Subject
from tests.services.doors.world import World

ADVANCE: Final = "due_enrollments"
HOUR: Final = timedelta(hours=1, minutes=1)


def _enrolled(sequence_id: SequenceId, world: World, number: int) -> Subject:
    enrollment_id = place.enroll(world, sequence_id, number)
    return Subject(number=number, about=enrollment_id, enrollment_id=enrollment_id)


STORIES: Final = (
    Story(name="a mail", door=ADVANCE, prepare=partial(_enrolled, place.OUTREACH)),
    Story(name="a call", door=ADVANCE, prepare=partial(_enrolled, place.CALLING)),
    Story(name="a draft", door=ADVANCE, prepare=partial(_enrolled, place.WRITING)),
)
