"""One deployment for all stories of a file."""

from collections.abc import Iterator

import pytest

from tests.services.doors import laws, place
from tests.services.doors.world import World, a_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Put a deployment up, and judge the whole of it after the last story."""
    with a_world(tmp_path_factory.mktemp("world")) as made:
        place.furnish(made)
        yield made
        assert laws.wrongs_of_all(made) == []
