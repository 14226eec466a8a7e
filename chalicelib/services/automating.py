"""What follows by itself when an item changes: it leaves, is handed on, or enters a sequence.

Told by the stream, at least once and in no order that could be relied on across items; so every
step bears being told again, and looks at the item as it is now.
"""

from contextlib import suppress

from chalicelib.domain.crm.features import lacks_of
from chalicelib.domain.crm.field_paths import About
from chalicelib.domain.crm.items import ENROLLABLE, Item, ItemKind
from chalicelib.domain.crm.settings import Feature
from chalicelib.domain.errors import DomainError, StaleWriteError
from chalicelib.domain.sequences import automations
from chalicelib.domain.sequences.automations import Automation, Change, Run
from chalicelib.services import enrolling, enrollments, related_items, steering
from chalicelib.services.decisions import Bench
from chalicelib.services.outcomes import Outcome
from chalicelib.storage.transaction import Transaction


def follow(change: Change, *, bench: Bench) -> None:
    """Do all that follows from one change of one item."""
    if change.item.kind not in ENROLLABLE:
        return
    item = bench.stores.items.find(change.item)
    if item is None:
        return
    if not item.is_open:
        enrollments.leave_if_closed(item, bench=bench)
        return
    if change.owner_before is not None and change.owner_before != item.owner_id:
        steering.follow_owner(item, before=change.owner_before, by=None, bench=bench)
    _automate(change, item, bench)


def _automate(change: Change, item: Item, bench: Bench) -> None:
    rules = [each for each in bench.stores.automations.all() if automations.fires(each, change)]
    if not rules or Feature.AUTOMATIONS in lacks_of(bench.stores.tenant.get()):
        return
    about = _about(item, bench)
    for rule in rules:
        if automations.agrees(rule, about):
            _enroll(rule, change, bench)


def _about(item: Item, bench: Bench) -> About:
    person, organization = related_items.of(item, bench=bench)
    kinds = {item.ref.kind, ItemKind.PERSON, ItemKind.ORGANIZATION}
    known = {kind: [field.key for field in bench.stores.custom_fields.of(kind)] for kind in kinds}
    return About(item=item, person=person, organization=organization, known_custom=known)


def _enroll(rule: Automation, change: Change, bench: Bench) -> None:
    """Enroll the item once for this event, and note what came of it in the same transaction."""
    stores = bench.stores
    last = stores.automations.last_run(rule.id, change.item)
    if not automations.may_take(last, change, bench.now()):
        return

    author = stores.users.find(rule.author_id)
    if author is None or not author.is_active:
        gone = Outcome(
            item_id=change.item.id,
            enrolled=False,
            code="author_inactive",
            message="Who made this automation has left; change it to make it yours.",
        )
        _note_refusal(rule, change, gone, last, bench)
        return

    def note(tx: Transaction, outcome: Outcome) -> None:
        stores.automations.note(tx, rule.id, _run(change, outcome, bench), before=last)

    try:
        (outcome,) = enrolling.enroll(
            rule.sequence_id,
            item_ids=[change.item.id],
            caller_id=rule.author_id,
            owner_id=rule.owner_id,
            mark=note,
            bench=bench,
        )
    except DomainError as refusal:
        outcome = Outcome(
            item_id=change.item.id, enrolled=False, code=refusal.code, message=refusal.detail
        )
    if not outcome.enrolled:
        _note_refusal(rule, change, outcome, last, bench)


def _note_refusal(
    rule: Automation, change: Change, outcome: Outcome, last: Run | None, bench: Bench
) -> None:
    """Keep why the item did not enter, for whoever asks; a twin may have noted it already."""
    run = _run(change, outcome, bench)
    with suppress(StaleWriteError), Transaction() as tx:
        bench.stores.automations.note(tx, rule.id, run, before=last)


def _run(change: Change, outcome: Outcome, bench: Bench) -> Run:
    return Run(item=change.item, event_id=change.event_id, at=bench.now(), outcome=outcome.told())
