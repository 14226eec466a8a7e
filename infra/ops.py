"""What operators do by hand: make a tenant, close it, vouch for a user or a domain.

It writes to the table with the operator's own AWS rights, not through the API:

    python -m infra.ops tenant create --name "Northwind" --email adam@northwind.example
    python -m infra.ops tenant suspend aaaaaaaaaa
    python -m infra.ops switch all off
    python -m infra.ops --stage prod doctor

The table is `--table`, or the one of the stack of `--stage`, or TABLE_NAME of the environment;
region and credentials are those of the AWS CLI.
"""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from infra.refusals import aws_refusal, refuse_without_packages

try:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError
    from pynamodb.exceptions import PynamoDBException

    from chalicelib.domain.crm.users import Plan, Role
    from chalicelib.domain.errors import DomainError, MissingError, Problem, RuleError, StateError
    from chalicelib.domain.ids import SequenceId, TenantId
    from chalicelib.gateways.clock import SystemClock
    from chalicelib.gateways.mint import RandomMint
    from chalicelib.services import domains, nightly, tenants
    from chalicelib.services.tenants import Access
    from chalicelib.storage import switches
    from chalicelib.storage.breakers import BreakerStore
    from chalicelib.storage.stores import Stores
    from chalicelib.storage.table import use_table
    from infra import restoring, retrying, ses_tenants, stage_doctor, tenant_bytes
    from infra.stage_names import bucket_of, named
except ModuleNotFoundError as missing:
    refuse_without_packages(missing)


def create_tenant(
    name: str,
    *,
    email: str,
    now: datetime,
    admin_name: str = "Admin",
    time_zone: str = "UTC",
) -> Access:
    """Make a tenant with its first admin; the secret of the admin's token is shown once."""
    return tenants.create(
        name,
        admin_name=admin_name,
        email=email,
        time_zone=time_zone,
        stores_for=stores_for,
        mint=RandomMint(),
        now=now,
    )


def create_user(
    tenant_id: TenantId,
    *,
    name: str,
    email: str,
    role: Role,
    now: datetime,
    time_zone: str = "UTC",
    business_unit: str | None = None,
) -> Access:
    """Make a user whose address you vouch for, with a token."""
    stores = stores_for(tenant_id)
    stores.tenant.get()  # a mistyped tenant is refused, not begun
    return tenants.add_user(
        name,
        email=email,
        role=role,
        time_zone=time_zone,
        business_unit=business_unit,
        stores=stores,
        mint=RandomMint(),
        now=now,
    )


def verify_domain(tenant_id: TenantId, domain: str, *, now: datetime) -> None:
    """Take a sending domain as proven, on your word."""
    stores = stores_for(tenant_id)
    stores.tenant.get()
    domains.vouch(domain, stores=stores, now=now)


def suspend_tenant(tenant_id: TenantId, *, is_suspended: bool = True) -> None:
    """Close a tenant's doors and stop its sending, or open them again; nothing is lost."""
    tenants.suspend(is_suspended=is_suspended, stores=stores_for(tenant_id))


def switch(what: str, *, is_on: bool, tenant_id: TenantId | None, of: str | None) -> None:
    """Let everybody, a tenant or one sequence send, or stop them at their next mail."""
    match what, tenant_id, of:
        case "all", None, None:
            switches.switch_platform(is_on=is_on)
        case "tenant", str(), None:
            store = stores_for(tenant_id).tenant
            store.save(replace(store.get(), is_sending=is_on))
            if is_on:
                BreakerStore(tenant_id).mend(SystemClock().now().date())
        case "sequence", str(), str():
            stores_for(tenant_id).sequences.get(SequenceId(of))
            switches.switch_sequence(tenant_id, SequenceId(of), is_on=is_on)
        case _:
            message = "Say `all`, `tenant TENANT_ID` or `sequence TENANT_ID SEQUENCE_ID`."
            raise RuleError(Problem(path="switch", code="wrong_value", message=message))


def stores_for(tenant_id: TenantId) -> Stores:
    """Return the stores of a tenant; no bytes are touched here, so there is no bucket."""
    return partial(Stores, bucket="", s3=boto3.client("s3"))(tenant_id)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; 0 if it is done, 1 if a doctor finds ills, 2 if refused."""
    asked = _parser().parse_args(arguments)
    try:
        return _do(asked)
    except (BotoCoreError, ClientError, PynamoDBException) as error:
        print(aws_refusal(error))
        return 2


def _do(asked: Namespace) -> int:
    table = asked.table or named(asked, "TableName", "TABLE_NAME")
    if table is None:
        print("Which table? Give --stage, --table, or TABLE_NAME in the environment.")
        return 2
    use_table(table)
    asked.table = table
    try:
        status: int | None = asked.do(asked)
    except DomainError as refusal:
        for problem in refusal.problems:
            print(f"{problem.path}: {problem.message}")
        print(f"Nothing was changed. {refusal.detail}")
        return 2
    return status or 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m infra.ops", description="Operator's tools of Sekvens.")
    parser.add_argument("--stage", help="the deployment, such as prod: its stack names the table")
    parser.add_argument("--table", help="the table's name, where it is another")
    rooms = parser.add_subparsers(required=True, metavar="WHAT")
    tenant = rooms.add_parser("tenant", help="create, suspend or resume a tenant")
    doings = tenant.add_subparsers(required=True, metavar="DO")
    create = doings.add_parser("create", help="make a tenant, its first admin and a token")
    create.add_argument("--name", required=True, help="of the tenant")
    create.add_argument("--email", required=True, help="of its first admin; you vouch for it")
    create.add_argument("--admin-name", default="Admin", help="of its first admin")
    create.add_argument("--time-zone", default="UTC", help="such as Europe/Berlin (UTC)")
    create.set_defaults(do=_create_tenant)
    for name, is_suspended in (("suspend", True), ("resume", False)):
        closing = doings.add_parser(name, help=f"{name} a tenant; nothing is lost")
        closing.add_argument("tenant_id")
        closing.set_defaults(do=_suspend, is_suspended=is_suspended)
    planning = doings.add_parser("plan", help="give a tenant another plan; nothing is lost")
    planning.add_argument("tenant_id")
    planning.add_argument("plan", choices=list(Plan), type=Plan)
    planning.set_defaults(do=_change_plan)
    _add_endings(doings)
    _add_switches(rooms.add_parser("switch", help="let sending go on, or stop it"))
    _add_people(rooms.add_parser("user", help="create a user with a token"))
    recount = rooms.add_parser("recount", help="count anew what is counted in passing")
    recount.add_argument("tenant_id")
    recount.set_defaults(do=_recount)
    restoring.add_to(rooms.add_parser("restore", help="settle the ledger after a restore"))
    retry = rooms.add_parser("retry", help="let all that are parked in a sequence go on")
    retrying.add_to(retry, stores_for)
    joining = rooms.add_parser("ses-tenants", help="let each tenant send as a tenant of SES")
    ses_tenants.add_to(joining, stores_for=stores_for)
    domain = rooms.add_parser("domain", help="take a sending domain as proven")
    domain.add_argument("tenant_id")
    domain.add_argument("domain")
    domain.set_defaults(do=_verify_domain)
    stage_doctor.add_options(rooms.add_parser("doctor", help="what stands still, and what to do"))
    return parser


def _add_people(user: ArgumentParser) -> None:
    user.add_argument("tenant_id")
    user.add_argument("--name", required=True)
    user.add_argument("--email", required=True, help="you vouch for it")
    user.add_argument("--role", required=True, choices=list(Role), type=Role)
    user.add_argument("--time-zone", default="UTC")
    user.set_defaults(do=_create_user)


def _add_endings(doings: "_SubParsersAction[ArgumentParser]") -> None:
    deleting = doings.add_parser("delete", help="delete a suspended tenant for good")
    deleting.add_argument("tenant_id")
    deleting.add_argument("--bucket", help="where its files lie, if no --stage says so")
    deleting.set_defaults(do=_delete)
    exporting = doings.add_parser("export", help="write all rows and files of a tenant")
    exporting.add_argument("tenant_id")
    exporting.add_argument("--to", required=True, type=Path, help="a folder")
    exporting.add_argument("--bucket", help="where its files lie, if no --stage says so")
    exporting.set_defaults(do=_export)


def _add_switches(switching: ArgumentParser) -> None:
    switching.add_argument("what", choices=("all", "tenant", "sequence"))
    switching.add_argument("ids", nargs="*", metavar="ID", help="of tenant, and of sequence")
    switching.add_argument("state", choices=("on", "off"))
    switching.set_defaults(do=_switch)


def _switch(asked: Namespace) -> None:
    tenant_id, of = (*asked.ids, None, None)[:2]
    switch(asked.what, is_on=asked.state == "on", tenant_id=tenant_id, of=of)
    print(f"Sending of {' '.join((asked.what, *asked.ids))} is {asked.state}.")


def _delete(asked: Namespace) -> None:
    tenant_id, bucket = TenantId(asked.tenant_id), bucket_of(asked)
    try:
        is_suspended = stores_for(tenant_id).tenant.get().is_suspended
    except MissingError:
        is_suspended = True  # a deletion that was stopped is finished
    if not is_suspended:
        raise StateError(kind="tenant", state="open", remedy="suspend it first, then delete it")
    files = tenant_bytes.delete_files(tenant_id, bucket=bucket)
    rows = tenant_bytes.delete_rows(tenant_id, table=asked.table)
    print(f"Deleted {rows} rows and {files} files of {tenant_id}; backups keep them 35 days.")


def _export(asked: Namespace) -> None:
    tenant_id, bucket = TenantId(asked.tenant_id), bucket_of(asked)
    stores_for(tenant_id).tenant.get()
    rows, files = tenant_bytes.export(tenant_id, table=asked.table, bucket=bucket, to=asked.to)
    print(f"Wrote {rows} rows and {files} files of {tenant_id} to {asked.to}.")


def _create_tenant(asked: Namespace) -> None:
    made = create_tenant(
        asked.name,
        email=asked.email,
        admin_name=asked.admin_name,
        time_zone=asked.time_zone,
        now=SystemClock().now(),
    )
    _show(made)


def _create_user(asked: Namespace) -> None:
    made = create_user(
        TenantId(asked.tenant_id),
        name=asked.name,
        email=asked.email,
        role=asked.role,
        time_zone=asked.time_zone,
        now=SystemClock().now(),
    )
    _show(made)


def _suspend(asked: Namespace) -> None:
    suspend_tenant(TenantId(asked.tenant_id), is_suspended=asked.is_suspended)
    state = "suspended: its doors close within 30 s" if asked.is_suspended else "open again"
    print(f"The tenant {asked.tenant_id} is {state}.")


def _change_plan(asked: Namespace) -> None:
    tenants.change_plan(asked.plan, stores=stores_for(TenantId(asked.tenant_id)))
    print(f"The plan of {asked.tenant_id} is {asked.plan}; its doors know within 30 s.")


def _recount(asked: Namespace) -> None:
    stores = stores_for(TenantId(asked.tenant_id))
    job_id = nightly.begin_one(stores=stores, now=SystemClock().now())
    print(f"Asked for {job_id}; it begins within a minute. GET /v1/jobs/{job_id} tells an admin.")


def _verify_domain(asked: Namespace) -> None:
    verify_domain(TenantId(asked.tenant_id), asked.domain, now=SystemClock().now())
    print(f"{asked.domain} is a verified sending domain of {asked.tenant_id}.")


def _show(made: Access) -> None:
    print(f"tenant  {made.tenant_id}")
    print(f"user    {made.user_id}")
    print(f"token   {made.secret}")
    print("The token is shown this once; only its hash is kept.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
