"""What managers do with automations: make, change, switch off, remove, see what they did."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET

from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError
from chalicelib.domain.given import fields_given
from chalicelib.domain.ids import AutomationId
from chalicelib.domain.sequences import access
from chalicelib.domain.sequences.automations import (
    MOST_AUTOMATIONS,
    Automation,
    Draft,
    Run,
    problems_of,
)
from chalicelib.services.decisions import Bench
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores

_NEEDED = ("name", "item_kind", "trigger", "sequence_id")


def of_tenant(*, caller: Caller, stores: Stores) -> list[Automation]:
    """Return every automation, oldest first."""
    require(caller, Right.READ_ITEMS)
    return stores.automations.all()


def get(automation_id: AutomationId, *, caller: Caller, stores: Stores) -> Automation:
    """Return one automation."""
    require(caller, Right.READ_ITEMS)
    return stores.automations.get(automation_id)


def create(draft: Draft, *, caller: Caller, bench: Bench) -> Automation:
    """Make an automation; it enrolls in the name of whoever made it."""
    require(caller, Right.MANAGE_AUTOMATIONS)
    missing = [
        Problem(path=f"$.{name}", code="missing", message=f"Give `{name}`.")
        for name in _NEEDED
        if getattr(draft, name) is UNSET
    ]
    if missing:
        raise RuleError(*missing)
    now = bench.now()
    made = {
        "id": AutomationId(bench.outside.mint.new_id(now)),
        "author_id": caller.user_id,
        "created_at": now,
        "updated_at": now,
    }
    automation = msgspec.convert({**made, **fields_given(draft)}, Automation, from_attributes=True)
    _insist(automation, caller, bench)
    if len(bench.stores.automations.all()) >= MOST_AUTOMATIONS:
        message = f"There are {MOST_AUTOMATIONS} automations already; delete one first."
        raise RuleError(Problem(path="$", code="too_many", message=message))
    return bench.stores.automations.save(automation)


def change(
    automation_id: AutomationId,
    draft: Draft,
    *,
    read_version: int | None,
    caller: Caller,
    bench: Bench,
) -> Automation:
    """Change an automation; from then on it acts in the name of whoever changed it."""
    require(caller, Right.MANAGE_AUTOMATIONS)
    automation = _as_read(automation_id, read_version, bench.stores)
    changed = msgspec.structs.replace(automation, **fields_given(draft))
    if changed == automation:
        return automation
    changed = msgspec.structs.replace(changed, author_id=caller.user_id, updated_at=bench.now())
    _insist(changed, caller, bench)
    return bench.stores.automations.save(changed)


def remove(
    automation_id: AutomationId, *, read_version: int | None, caller: Caller, stores: Stores
) -> None:
    """Remove an automation; whom it has enrolled stays."""
    require(caller, Right.MANAGE_AUTOMATIONS)
    stores.automations.remove(_as_read(automation_id, read_version, stores))


def runs(
    automation_id: AutomationId,
    *,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Run]:
    """Return what an automation did last with each item it took."""
    require(caller, Right.MANAGE_AUTOMATIONS)
    stores.automations.get(automation_id)
    return stores.automations.runs(automation_id, limit=limit, cursor=cursor)


def _as_read(automation_id: AutomationId, read_version: int | None, stores: Stores) -> Automation:
    automation = stores.automations.get(automation_id)
    if read_version not in {None, automation.version}:
        raise StaleWriteError(kind="automation", id=automation_id)
    return automation


def _insist(automation: Automation, caller: Caller, bench: Bench) -> None:
    """Refuse a rule that could never enroll anybody."""
    stores = bench.stores
    problems = list(problems_of(automation))
    sequence = stores.sequences.find(automation.sequence_id)
    user = stores.users.get(caller.user_id)
    if sequence is None or not access.may_see(sequence, user):
        message = "There is no such sequence."
        problems.append(Problem(path="$.sequence_id", code="not_found", message=message))
    elif sequence.item_kind is not automation.item_kind:
        message = f"The sequence takes {sequence.item_kind}s."
        problems.append(Problem(path="$.sequence_id", code="wrong_kind", message=message))
    owner = None if automation.owner_id is None else stores.users.find(automation.owner_id)
    if automation.owner_id is not None and (owner is None or not owner.is_active):
        message = "There is no active user with this id."
        problems.append(Problem(path="$.owner_id", code="not_found", message=message))
    if problems:
        raise RuleError(*problems)
