"""An operator asks for a recount: `python -m infra.ops recount`."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.entry.settings import settings
from chalicelib.services.jobs import watching
from chalicelib.storage.stores import Stores
from infra import ops
from tests.builders import TENANT, a_tenant
from tests.doubles import Doubles


def test_an_operator_asks_for_a_recount_of_one_tenant(
    stores: Stores, doubles: Doubles, capsys: pytest.CaptureFixture[str]
) -> None:
    stores.tenant.save(a_tenant())

    status = ops.main(["--table", settings().table_name, "recount", TENANT])

    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=1)  # its clock is the real one
    assert status == 0
    assert "GET /v1/jobs/recount-" in capsys.readouterr().out
    assert watching.find_left(outside=doubles.outside) == 1


def test_a_recount_of_an_unknown_tenant_is_refused(
    stores: Stores, doubles: Doubles, capsys: pytest.CaptureFixture[str]
) -> None:
    status = ops.main(["--table", settings().table_name, "recount", "nobody"])

    assert stores.tenant_id == TENANT
    assert status == 2
    assert "Nothing was changed" in capsys.readouterr().out
    assert watching.find_left(outside=doubles.outside) == 0
