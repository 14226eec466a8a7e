"""What a mail costs, in every way it may come to be sent."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec import structs

from benchmarks.meter import Bill
from benchmarks.steps import (
    DAY,
    END,
    S1,
    S2,
    S3,
    Budget,
    Measured,
    begin,
    flow_of,
    mail_step,
    take,
    wait_step,
    wake,
)
from benchmarks.world import SALLY, SEQUENCE, World
from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.signals import SendAsked
from chalicelib.storage import switches

S4: Final = StepId("s4")
MAIL_BUDGET: Final = Budget(20, 6)


def all_mails(world: World) -> Iterator[Measured]:
    """Measure a mail in every way it may come to be sent."""
    yield Measured("automatic e-mail, first of its thread", _mail(world), MAIL_BUDGET)
    yield Measured("automatic e-mail, answering the one before", _answering(world), MAIL_BUDGET)
    yield Measured("automatic e-mail, put off once before", _put_off(world), MAIL_BUDGET)
    named = _mail(world, body="<p>How is {{ lead.title }} at {{ organization.name }}?</p>")
    yield Measured("automatic e-mail naming lead and organization", named, MAIL_BUDGET)
    yield Measured("draft, sent by a person", _draft(world), Budget())


def _mail(world: World, body: str = "") -> Bill:
    mail = mail_step(S2, S3)
    step = structs.replace(mail, body=body or mail.body)
    enrolled = begin(world, flow_of(wait_step(S1, S2), step, wait_step(S3, END)))
    wake(world, enrolled)
    world.wait(DAY)
    return wake(world, enrolled)


def _answering(world: World) -> Bill:
    second = structs.replace(mail_step(S3, S4), reply_to_step=S1)
    flow = flow_of(mail_step(S1, S2), wait_step(S2, S3), second, wait_step(S4, END))
    enrolled = begin(world, flow)
    wake(world, enrolled)
    world.wait(DAY)
    return wake(world, enrolled)


def _put_off(world: World) -> Bill:
    enrolled = begin(world, flow_of(mail_step(S1, S2), wait_step(S2, END)))
    tenant_id = world.bench.stores.tenant_id
    switches.switch_sequence(tenant_id, SEQUENCE, is_on=False)
    wake(world, enrolled)
    switches.switch_sequence(tenant_id, SEQUENCE, is_on=True)
    world.wait(timedelta(minutes=15))
    return wake(world, enrolled)


def _draft(world: World) -> Bill:
    step = structs.replace(mail_step(S1, S2), automatic=False)
    enrolled = begin(world, flow_of(step, wait_step(S2, END)))
    wake(world, enrolled)
    take(world, enrolled, SendAsked(step_id=S1, by=SALLY))
    return wake(world, enrolled)
