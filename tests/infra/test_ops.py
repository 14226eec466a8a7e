"""Operators make, close and open tenants from the command line."""

import pytest

from chalicelib.domain.crm.sending_domains import DomainStatus
from chalicelib.domain.crm.users import Plan, Role
from chalicelib.domain.ids import DomainName, TenantId, UserId
from chalicelib.entry import wiring
from chalicelib.storage.stores import Stores
from infra import ops

CREATE = ["tenant", "create", "--name", "Northwind", "--email", "Adam@Northwind.test"]


def test_a_tenant_is_made_with_its_admin_and_a_token(
    table: None, capsys: pytest.CaptureFixture[str]
) -> None:
    status = ops.main([*CREATE, "--time-zone", "Europe/Berlin"])

    shown = dict(line.split() for line in capsys.readouterr().out.splitlines()[:3])
    stores = wiring.stores_for(TenantId(shown["tenant"]))
    admin = stores.users.get(UserId(shown["user"]))
    token = wiring.tokens().find(shown["token"])
    assert status == 0
    assert (admin.email, admin.role) == ("adam@northwind.test", Role.ADMIN)
    assert admin.confirmed_addresses == ("adam@northwind.test",)
    assert stores.tenant.get().settings == {"time_zone": "Europe/Berlin"}
    assert token is not None
    assert token.user_id == admin.id


@pytest.mark.parametrize(
    "wrong", [["--email", "nowhere"], ["--name", " "], ["--time-zone", "Mars"]]
)
def test_a_tenant_with_a_wrong_value_is_refused(
    table: None, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    status = ops.main([*CREATE, *wrong])

    assert status == 2
    assert "Nothing was changed." in capsys.readouterr().out


def test_a_user_of_no_tenant_is_refused(table: None, capsys: pytest.CaptureFixture[str]) -> None:
    user = ["--name", "S", "--email", "s@x.test", "--role", "salesperson"]

    assert ops.main(["user", "zzzzzzzzzz", *user]) == 2
    assert "There is no tenant" in capsys.readouterr().out


def test_a_tenant_is_suspended_and_resumed(stores: Stores) -> None:
    made = ops.create_tenant("Northwind", email="a@northwind.test", now=wiring.clock().now())
    kept = wiring.stores_for(made.tenant_id)

    assert ops.main(["tenant", "suspend", made.tenant_id]) == 0
    assert kept.tenant.get().is_suspended

    assert ops.main(["tenant", "resume", made.tenant_id]) == 0
    assert not kept.tenant.get().is_suspended


def test_a_tenant_gets_another_plan(stores: Stores) -> None:
    made = ops.create_tenant("Northwind", email="a@northwind.test", now=wiring.clock().now())
    kept = wiring.stores_for(made.tenant_id)

    assert ops.main(["tenant", "plan", made.tenant_id, "essential"]) == 0
    assert kept.tenant.get().plan is Plan.ESSENTIAL

    assert ops.main(["tenant", "plan", "zzzzzzzzzz", "growth"]) == 2
    with pytest.raises(SystemExit):
        ops.main(["tenant", "plan", made.tenant_id, "free"])
    assert kept.tenant.get().plan is Plan.ESSENTIAL


def test_a_domain_is_vouched_for(table: None) -> None:
    made = ops.create_tenant("Northwind", email="a@northwind.test", now=wiring.clock().now())

    assert ops.main(["domain", made.tenant_id, "Northwind.test"]) == 0

    domain = wiring.stores_for(made.tenant_id).domains.get(DomainName("northwind.test"))
    assert domain.status is DomainStatus.VERIFIED


def test_without_a_table_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TABLE_NAME", raising=False)

    assert ops.main(CREATE) == 2
    assert "Which table?" in capsys.readouterr().out
