"""Whom a mail goes to is read when it leaves, however little is read for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from chalicelib.domain.crm.items import EmailAddress, ItemStatus
from chalicelib.domain.ids import DomainName, EnrollmentId, ItemId, StepId, TenantId
from chalicelib.domain.sequences import holds
from chalicelib.domain.sequences.definition import EmailStep, EndStep, Flow, WaitStep
from chalicelib.gateways.ses_tenants import NoSesTenants
from chalicelib.services import sequence_lifecycle
from chalicelib.storage import keys, sequence_keys
from chalicelib.storage.rows.items import OpenItemRow
from chalicelib.storage.rows.sequences import GoingRow
from infra import ses_tenants
from tests.builders import a_person
from tests.services.runner import LEAD, SALLY, SEQUENCE, Runner

DAY = timedelta(days=1)


class AllowingTenants:
    """SES that gives every tenant its own."""

    def join(self, tenant_id: TenantId, domain: DomainName) -> bool:
        return (tenant_id, domain) == ("aaaaaaaaaa", "northwind.test")


MAIL = EmailStep(
    id=StepId("a1"),
    automatic=True,
    subject="Hello {{ person.first_name }}",
    body="<p>{{ person.name }}</p>",
    next=StepId("end"),
)


def a_mail_after_a_day(body: str) -> Flow:
    wait = WaitStep(id=StepId("w1"), wait_for=DAY, next=MAIL.id)
    end = EndStep(id=StepId("end"), outcome="done")
    return Flow(start=wait.id, steps=(wait, structs.replace(MAIL, body=body), end))


@pytest.fixture
def enrolled(runner: Runner) -> EnrollmentId:
    runner.publish_next(a_mail_after_a_day("<p>{{ person.name }}</p>"))
    enrollment_id = runner.enroll()
    runner.drain()
    return enrollment_id


def test_a_lead_that_is_anothers_by_now_is_written_about_to_the_other(
    runner: Runner, enrolled: EnrollmentId
) -> None:
    other = replace(
        a_person(),
        ref=replace(a_person().ref, id=ItemId("person-petra")),
        title="Petra Purchaser",
        emails=(EmailAddress("petra@acme.test", is_primary=True),),
    )
    runner.stores.items.create(other)
    lead = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(lead, person_id=other.ref.id))

    runner.wait(DAY)

    (mail,) = runner.doubles.mailer.sent
    assert mail.recipients == ["petra@acme.test"]
    assert runner.head(enrolled).person_id == other.ref.id


def test_a_lead_that_was_lost_is_not_written_about(runner: Runner, enrolled: EnrollmentId) -> None:
    lead = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(lead, status=ItemStatus.LOST))

    runner.wait(DAY)

    assert runner.doubles.mailer.sent == []
    assert runner.head(enrolled).reason == "item_lost"


def test_a_text_that_names_lead_and_organization_finds_them(runner: Runner) -> None:
    runner.publish_next(a_mail_after_a_day("<p>{{ lead.title }}, {{ organization.name }}</p>"))
    runner.enroll()
    runner.drain()

    runner.wait(DAY)

    (mail,) = runner.doubles.mailer.sent
    assert b"<p>Acme wants forty chairs, Acme</p>" in mail.mime


def test_what_an_earlier_release_wrote_of_an_item_and_its_sequence_is_enough(
    runner: Runner,
) -> None:
    runner.publish_next(a_mail_after_a_day("<p>{{ lead.title }}, {{ organization.name }}</p>"))
    runner.stores.items.save(replace(runner.stores.items.get(a_person().ref), organization_id=None))
    tenant_id = runner.stores.tenant_id
    of_person = OpenItemRow(keys.item(tenant_id, a_person().ref), keys.open_item(LEAD))
    of_person.update(actions=[OpenItemRow.organization_id.remove()])
    GoingRow(keys.tenant(tenant_id), sequence_keys.GOING).delete()
    runner.enroll()
    runner.drain()

    runner.wait(DAY)

    (mail,) = runner.doubles.mailer.sent
    assert b"<p>Acme wants forty chairs, Acme</p>" in mail.mime


def test_a_paused_sequence_sends_nothing_and_afterwards_as_much_later(
    runner: Runner, enrolled: EnrollmentId
) -> None:
    runner.wait(timedelta(hours=12))
    stores = runner.stores
    sequence_lifecycle.pause(stores.sequences.get(SEQUENCE), stores=stores, now=runner.now())
    runner.wait(DAY)
    assert runner.doubles.mailer.sent == []

    sequence = stores.sequences.get(SEQUENCE)
    sequence_lifecycle.resume(sequence, by=SALLY, bench=runner.bench)
    runner.drain()
    runner.wait(timedelta(hours=11))
    assert runner.doubles.mailer.sent == []
    runner.wait(timedelta(hours=1))

    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).status == "completed"


def test_a_sequence_paused_and_resumed_between_looks_moves_the_mail_by_the_pause(
    runner: Runner, enrolled: EnrollmentId
) -> None:
    stores = runner.stores
    sequence_lifecycle.pause(stores.sequences.get(SEQUENCE), stores=stores, now=runner.now())
    runner.doubles.clock.advance(timedelta(hours=6))
    known = stores.sequences.get(SEQUENCE)
    stores.sequences.save(holds.resumed(known, runner.now()))

    runner.wait(timedelta(hours=18))
    assert runner.doubles.mailer.sent == []
    runner.wait(timedelta(hours=6))

    assert len(runner.doubles.mailer.sent) == 1
    assert runner.head(enrolled).status == "completed"


def test_a_mail_is_sent_as_the_tenant_of_ses_that_its_domain_is_in(
    runner: Runner, enrolled: EnrollmentId
) -> None:
    (domain,) = runner.stores.domains.list_all()
    told = list(ses_tenants.join_all(AllowingTenants(), stores_for=lambda _: runner.stores))
    again = list(ses_tenants.join_all(NoSesTenants(), stores_for=lambda _: runner.stores))

    runner.wait(DAY)

    assert told == again == ["aaaaaaaaaa: northwind.test is in a tenant of SES"]
    assert not domain.is_in_ses_tenant
    assert runner.head(enrolled).status == "completed"
    assert [mail.tenant for mail in runner.doubles.mailer.sent] == ["aaaaaaaaaa"]


def test_a_domain_that_is_in_no_tenant_of_ses_sends_as_before(
    runner: Runner, enrolled: EnrollmentId
) -> None:
    runner.wait(DAY)

    assert runner.head(enrolled).status == "completed"
    assert [mail.tenant for mail in runner.doubles.mailer.sent] == [None]
