"""Brings together what the schedule must know: calendars, windows, absences, zones, open tasks."""

from dataclasses import replace

from chalicelib.domain.crm.items import Item
from chalicelib.domain.crm.users import User
from chalicelib.domain.sequences import timing, zones
from chalicelib.domain.sequences.calendars import Times
from chalicelib.domain.sequences.conditions import Facts
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import Signal, TimeCame
from chalicelib.services.decisions import Bench


def times_of(enrollment: Enrollment, settings: Settings, *, bench: Bench) -> Times:
    """Return what moves the planned instants of an enrollment."""
    rules = bench.stores.house_rules.of(enrollment.owner_id, bench.now())
    return timing.times_of(
        settings, tenant=rules.settings, sender=rules.user, country=enrollment.country
    )


def zone_of(person: Item | None, sender: User, settings: Settings, *, bench: Bench) -> str:
    """Return the zone in which the days of a new enrollment are counted."""
    known = zones.Zones(
        recipient=person.time_zone if person else None,
        country=person.country if person else None,
        sender=sender.time_zone,
        tenant=bench.stores.house_rules.settings(bench.now()).time_zone,
    )
    return zones.choose(known, settings.time_zone_from)[0]


def informed(
    facts: Facts, enrollment: Enrollment, signal: Signal, settings: Settings, *, bench: Bench
) -> Facts:
    """Return `facts` with all that plans ask for, and what the tenant sets for all sequences."""
    rules = bench.stores.house_rules.of(enrollment.owner_id, bench.now())
    is_for_all = rules.settings.failed_automatic_to_manual
    facts = replace(
        facts,
        times=times_of(enrollment, settings, bench=bench),
        failed_to_manual=facts.failed_to_manual or is_for_all,
    )
    if settings.overdue is None:
        return facts
    facts = replace(facts, skip_after=settings.overdue.skip_after)
    if not isinstance(signal, TimeCame) or enrollment.phase is not Phase.ASKED:
        return facts
    if enrollment.step_id is None:
        return facts
    task = bench.stores.tasks.find(enrollment.id, enrollment.step_id)
    return replace(facts, task_due_at=task.due_at if task else None)
