"""A tenant on a real emulator, built through the product's own services and doors."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path
from typing import Final

import boto3

from benchmarks.meter import Meter
from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef
from chalicelib.domain.crm.sending_domains import DomainStatus, SendingDomain
from chalicelib.domain.crm.users import Consent, Role, Tenant, User
from chalicelib.domain.ids import (
    DomainName,
    EnrollmentId,
    ItemId,
    SequenceId,
    TenantId,
    UserId,
)
from chalicelib.domain.sequences.definition import (
    Flow,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.settings import Settings
from chalicelib.entry import wiring
from chalicelib.services import enrolling
from chalicelib.services.decisions import Bench
from chalicelib.storage.rows.base import Row
from chalicelib.storage.transaction import Transaction
from infra.local.emulator import Emulator
from infra.local.ports import take_ports
from infra.local.resources import clients, make_resources
from infra.local.settings import LocalSettings, environment_for
from infra.local.virtual import LocalClock

TENANT: Final = TenantId("benchtenan")
# As long as the product's own: what a row holds decides what it costs.
SALLY: Final = UserId("01jns0000000000000000sally")
SEQUENCE: Final = SequenceId("01jns00000000000000sequenc")
NOW: Final = datetime(2026, 3, 2, 9, 0, 0, 265872, tzinfo=UTC)
"""As a clock tells it: a round instant would make every row smaller than it is."""


class HandClock:
    """Stands where it is put."""

    def __init__(self) -> None:
        """Begin on a Monday morning."""
        self.instant = NOW

    def now(self) -> datetime:
        """Return where it stands."""
        return self.instant

    def jump(self, to: datetime) -> None:
        """Be at `to` now."""
        self.instant = to


@dataclass(frozen=True, slots=True)
class World:
    """The tenant's bench, its clock, and the meter on all its clients."""

    bench: Bench
    clock: HandClock | LocalClock
    meter: Meter

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.clock.jump(self.clock.now() + by)

    def publish(
        self, flow: Flow, sequence_id: SequenceId = SEQUENCE, settings: Settings | None = None
    ) -> None:
        """Put an active sequence with this flow there, in place of the one before."""
        stores = self.bench.stores
        settings = settings or Settings()
        known = stores.sequences.find(sequence_id)
        number = (known.flow_version or 0) + 1 if known else 1
        sequence = Sequence(
            id=sequence_id,
            name="Bench",
            status=SequenceStatus.ACTIVE,
            owner_id=SALLY,
            settings=settings,
            flow_version=number,
            created_at=NOW,
            updated_at=NOW,
            version=known.version if known else 0,
        )
        published = FlowVersion(
            sequence_id=sequence_id,
            number=number,
            flow=flow,
            settings=settings,
            published_at=NOW,
        )
        with Transaction() as tx:
            stores.sequences.put(tx, sequence)
            stores.sequences.publish(tx, published)
        stores.consents.give(Consent(user_id=SALLY, sequence_id=sequence_id, given_at=NOW))
        stores.sequences.flow_version(sequence_id, number)

    def lead(self, number: int | str) -> ItemRef:
        """Make a lead with a person and an organization of its own."""
        items = self.bench.stores.items
        organization = _item(ItemKind.ORGANIZATION, number, f"Acme {number}")
        person = _item(ItemKind.PERSON, number, f"Paula Prospect {number}")
        lead = _item(ItemKind.LEAD, number, f"Forty chairs for Acme {number}")
        items.create(organization)
        address = EmailAddress(f"paula{number}@acme.test", is_primary=True)
        items.create(replace(person, emails=(address,), organization_id=organization.ref.id))
        items.create(replace(lead, person_id=person.ref.id, organization_id=organization.ref.id))
        return lead.ref

    def enroll(self, lead: ItemRef, sequence_id: SequenceId = SEQUENCE) -> EnrollmentId:
        """Enroll a lead."""
        (row,) = enrolling.enroll(
            sequence_id, item_ids=[lead.id], caller_id=SALLY, bench=self.bench
        )
        if row.enrollment_id is None:
            raise RuntimeError(row)
        return row.enrollment_id


@contextmanager
def a_world() -> Iterator[World]:
    """Start an emulator, set up the tenant, and stop everything afterwards."""
    with an_emulator():
        environ.pop("CLOCK_LEAD_FILE")
        yield set_up(HandClock())


@contextmanager
def an_emulator() -> Iterator[LocalSettings]:
    """Start an emulator with all resources; this process's environment becomes a function's."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        environ.update(environment_for(settings, mac_keys="a:a-key-for-benchmarks"))
        ports = take_ports(settings)
        ports.http.close()
        ports.smtp.close()
        emulator = Emulator(settings, ports, on_change=lambda _: None, on_death=lambda: None)
        try:
            make_resources(clients(settings))
            yield settings
        finally:
            emulator.stop()


def _settings(folder: Path) -> LocalSettings:
    http, smtp, aws = (_free_port() for _ in range(3))
    return LocalSettings(
        port=http, smtp_port=smtp, aws_port=aws, data=folder, app=Path.cwd(), save_every_s=3600.0
    )


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def set_up(clock: HandClock | LocalClock) -> World:
    """Make a tenant with a user who may send."""
    stores = wiring.stores_for(TENANT)
    outside = replace(wiring.outside(), clock=clock)
    bench = Bench(stores=stores, outside=outside)
    stores.tenant.save(Tenant(id=TENANT, name="Bench", settings={}, created_at=NOW))
    stores.users.save(
        User(
            id=SALLY,
            name="Sally Seller",
            email="sally@bench.test",
            role=Role.SALESPERSON,
            confirmed_addresses=("sally@bench.test",),
            created_at=NOW,
            updated_at=NOW,
        )
    )
    name = DomainName("bench.test")
    stores.domains.claim(name)
    stores.domains.save(
        SendingDomain(name=name, status=DomainStatus.VERIFIED, created_at=NOW, checked_at=NOW)
    )
    boto3.client("sesv2").create_email_identity(EmailIdentity="bench.test")
    return World(bench, clock, metered(bench))


def metered(bench: Bench) -> Meter:
    """Return a meter on every client of this process's gateways and stores."""
    meter = Meter()
    meter.watch(Row._get_connection().connection.client)  # noqa: SLF001 - one connection for all rows
    meter.watch(wiring.s3())
    meter.watch(bench.outside.mailer._client)  # type: ignore[attr-defined]  # noqa: SLF001 - the client itself
    meter.watch(bench.outside.queues._client)  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    return meter


def ref_of(kind: ItemKind, number: int | str) -> ItemRef:
    """Name the item of a kind that was made with this number."""
    return ItemRef(kind, ItemId(f"01jns{number:0>8}{kind.value:0>13.13}"))


def _item(kind: ItemKind, number: int | str, title: str) -> Item:
    ref = ref_of(kind, number)
    return Item(ref=ref, title=title, owner_id=SALLY, created_at=NOW, updated_at=NOW)
