"""A runner whose tenant, seller, lead and active sequence stand ready."""

import pytest

from chalicelib.storage.stores import Stores
from tests.doubles import Doubles
from tests.services.runner import Runner


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Set up the runner."""
    made = Runner(stores, doubles)
    made.set_up()
    return made
