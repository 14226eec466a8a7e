"""All stories: what is broken at every call is read off this table."""

from typing import Final

from tests.services.doors import (
    stories_of_changes,
    stories_of_mail,
    stories_of_people,
    stories_of_time,
    stories_of_work,
)
from tests.services.doors.story import Story

STORIES: Final[tuple[Story, ...]] = (
    *stories_of_time.STORIES,
    *stories_of_mail.STORIES,
    *stories_of_people.STORIES,
    *stories_of_changes.STORIES,
    *stories_of_work.STORIES,
)
