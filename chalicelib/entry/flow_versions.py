"""HTTP doors to the published flows of a sequence: list, compare, move those in flight."""

from typing import Annotated, Final

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.jobs.job import Job
from chalicelib.domain.sequences import diffs
from chalicelib.domain.sequences.access import NotOwnerError
from chalicelib.entry.http import PAGING, Answer, Request, answers, data
from chalicelib.entry.paging import part_of
from chalicelib.entry.promises import promises
from chalicelib.entry.sequence_bodies import show_version
from chalicelib.entry.shapes import foresight as shapes
from chalicelib.entry.shapes.jobs import JobAsked
from chalicelib.entry.shapes.sequences import FlowVersion
from chalicelib.services import migration, sequences

routes = Blueprint(__name__)

_NEWEST: Final = 999_999_999
"""Counted down from, so that the newest version comes first."""


class Migrating(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that moves those in flight to another flow version."""

    from_flow_version: Annotated[int, Meta(ge=1)]
    to_flow_version: Annotated[int, Meta(ge=1)]
    dry_run: bool = False


@routes.route("/v1/sequences/{sequence_id}/versions", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=FlowVersion)
def list_versions(request: Request, sequence_id: str) -> Answer:
    """List the published flows, newest first."""
    known = SequenceId(sequence_id)
    sequences.get(known, caller=request.caller, stores=request.stores)
    versions = request.stores.sequences.list_versions(known)
    return part_of(
        versions,
        request.page(),
        place=lambda version: f"{_NEWEST - version.number:09d}",
        show=show_version,
    )


@routes.route("/v1/sequences/{sequence_id}/versions/diff", methods=["GET"], cors=True)
@answers(routes, queries=("from", "to"))
@promises(gives=shapes.FlowDifference, reads={"from": int, "to": int})
def compare_versions(request: Request, sequence_id: str) -> Answer:
    """Say what differs, key by key; without `from` and `to` between the latest two versions."""
    known = SequenceId(sequence_id)
    sequence = sequences.get(known, caller=request.caller, stores=request.stores)
    latest = sequence.flow_version or 0
    defaults = {"from": max(latest - 1, 1), "to": latest}
    numbers = [_number(request, name, latest, default) for name, default in defaults.items()]
    before, after = (request.stores.sequences.flow_version(known, each) for each in numbers)
    found = diffs.difference(before, after)
    numbered = {"from_flow_version": before.number, "to_flow_version": after.number}
    return data({**numbered, **msgspec.structs.asdict(found)})


@routes.route("/v1/sequences/{sequence_id}/migrate", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=Migrating,
    gives=list[shapes.MigrationRow] | JobAsked,
    statuses=(200, 202),
    refuses=(NotOwnerError,),
)
def migrate_sequence(request: Request, sequence_id: str) -> Answer:
    """Say who is in flight and where each lands, and move them unless it is a dry run."""
    body = request.body(Migrating)
    sequence = sequences.changeable(
        SequenceId(sequence_id), "migrate", caller=request.caller, stores=request.stores
    )
    asked = migration.Migration(
        sequence_id=sequence.id,
        from_version=body.from_flow_version,
        to_version=body.to_flow_version,
        is_trial=body.dry_run,
    )
    found = migration.migrate(sequence, asked, by=request.caller.user_id, bench=request.bench)
    if isinstance(found, Job):
        return data({"job_id": found.id}, status=202)
    return data(found)


def _number(request: Request, name: str, latest: int, default: int) -> int:
    given = request.query(name) or f"{default}"
    number = (
        int(given) if given.isascii() and given.isdigit() and len(given) <= len("999999") else 0
    )
    if not 1 <= number <= latest:
        message = (
            f"Give a published version, 1 to {latest}." if latest else "None is published yet."
        )
        raise RuleError(Problem(path=name, code="not_found", message=message))
    return number
