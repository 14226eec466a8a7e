"""One stack for all tests that do not stop it."""

from collections.abc import Iterator

import pytest

from infra.local.resources import Aws
from infra.local.stack import Stack
from tests.local.watching import SMALL, aws_of


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), app=SMALL) as running:
        yield running


@pytest.fixture(scope="session")
def aws(stack: Stack) -> Aws:
    return aws_of(stack)
