"""An import whose worker is killed at any call, and whose messages come twice, imports once."""

from datetime import timedelta
from typing import Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.jobs.import_files import ImportFormat
from chalicelib.domain.jobs.job import Job, JobState
from chalicelib.services.jobs import importing
from chalicelib.services.jobs.kinds import work_of
from chalicelib.services.jobs.working import carry_on
from chalicelib.storage.job_files import UPLOAD
from tests.builders import TENANT, a_caller
from tests.services.runner import Runner
from tests.services.test_runner_crashes import Fuse, PowerCut

STRIDE: Final = 3
"""Every third call; each before and after it is the same as after the one before."""


def begun(runner: Runner, keys: tuple[str, ...]) -> Job:
    """Begin to import organizations with these keys, and a row that is refused."""
    job = importing.prepare(
        ItemKind.ORGANIZATION,
        format_=ImportFormat.CSV,
        caller=a_caller(),
        bench=runner.bench,
    )
    rows = [f"{key},Acme {key}" for key in keys]
    content = "\n".join(["key,name", *rows, "bad,"])
    runner.stores.job_files.put(job.id, UPLOAD, content.encode())
    return importing.start(job.id, caller=a_caller(), bench=runner.bench)


def work(runner: Runner, job: Job) -> None:
    carry_on(job.id, work_of=work_of, bench=runner.bench)


def test_wherever_the_worker_is_killed_every_row_is_imported_once_and_told_so(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    fuse = Fuse()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda client, *asked: fuse.guard(call, client, *asked)
    )
    first = begun(runner, ("a", "b"))
    fuse.calls = 0
    work(runner, first)
    points = fuse.calls
    assert points > 10

    told = {}
    for at in range(0, points, STRIDE):
        keys = (f"a{at}", f"b{at}")
        runner.doubles.clock.advance(timedelta(hours=1))
        job = begun(runner, keys)
        fuse.calls, fuse.burns_at, fuse.is_after = 0, at, True
        with pytest.raises(PowerCut):
            work(runner, job)
        fuse.burns_at = None
        runner.doubles.clock.advance(timedelta(minutes=2))
        work(runner, job)
        work(runner, job)
        told[at] = outcome(runner, job, keys)

    assert set(told.values()) == {("done", 2, 0, 1, 3, (1, 1))}


def outcome(runner: Runner, job: Job, keys: tuple[str, ...]) -> tuple[object, ...]:
    """Return how it ended, its counts, how many results it tells, and versions of its items."""
    ended = runner.stores.jobs.get(job.id)
    assert ended.state is JobState.DONE
    counts = [ended.report[name] for name in ("created", "updated", "refused")]
    ids = [importing.item_id_of(TENANT, ItemKind.ORGANIZATION, key) for key in keys]
    items = [runner.stores.items.get(ItemRef(ItemKind.ORGANIZATION, each)) for each in ids]
    results = len(list(runner.stores.jobs.every_result(job.id)))
    return (ended.state.value, *counts, results, tuple(item.version for item in items))
