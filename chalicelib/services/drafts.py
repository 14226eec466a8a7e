"""Drafts: a mail in somebody's feed is read, changed, tried and sent by hand.

A mail that goes out by itself may be changed like a draft before its hour (PD-SEQ-12): what was
written is kept beside its enrollment, and is what goes out.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.crm.addresses import normalized, parse_address
from chalicelib.domain.errors import Problem, RuleError, StateError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.signals import DraftKept, SendAsked
from chalicelib.domain.sequences.tasks import AUTOMATIC_EMAIL, Task
from chalicelib.services import progress, trial_mails
from chalicelib.services.decisions import Bench
from chalicelib.services.pulse import Shown, filled_in, find, keep, open_task, show

_MAILS = frozenset({"email", AUTOMATIC_EMAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a user wrote into a draft; None leaves what stands there."""

    subject: str | None = None
    body: str | None = None
    to: tuple[str, ...] | None = None
    sender: str | None = None
    """The address it comes from: that of a user of the tenant."""


def send(task_id: TaskId, written: Written, *, by: UserId, bench: Bench) -> Shown:
    """Let a drafted mail go out now, as edited; it is sent exactly once, soon after the answer.

    What was edited is kept together with the wish to send it, or not at all.
    """
    task = open_task(task_id, bench)
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    if not isinstance(published.flow.by_id()[task.step_id], EmailStep):
        raise StateError(kind="task", state=f"a {task.type}", remedy="complete it instead")
    progress.take(
        task.enrollment_id,
        SendAsked(step_id=task.step_id, by=by),
        stores=bench.stores,
        outside=bench.outside,
        # Asked anew at every try: what another wrote meanwhile goes out, too.
        extra=lambda tx: bench.stores.tasks.edit(tx, _final(task_id, written, bench)),
    )
    return show(bench.stores.tasks.get(task_id), bench=bench)


def _final(task_id: TaskId, written: Written, bench: Bench) -> Task:
    """Return a draft with all its texts written out, as it is to go out; raises RuleError."""
    shown = show(_edited(open_task(task_id, bench), written, bench), bench=bench)
    _insist_on_filled_in(shown)
    return replace(shown.task, subject=shown.subject, body=shown.body)


def try_out(task_id: TaskId, *, by: UserId, bench: Bench) -> Shown:
    """Mail a draft to nobody but the user who asks, as it stands; gaps stay visible."""
    shown = show(find(task_id, bench=bench), bench=bench)
    if shown.task.type not in _MAILS:
        raise StateError(kind="task", state=f"a {shown.task.type}", remedy="only mails are tried")
    user = bench.stores.users.get(by)
    trial_mails.send(user, subject=shown.subject, html=shown.body, bench=bench)
    return shown


def edit(task_id: TaskId, written: Written, *, bench: Bench) -> Shown:
    """Keep what a user wrote into a draft, or into a mail that goes out by itself later."""
    task = find(task_id, bench=bench)
    if task.is_ahead:
        return _edit_ahead(task, written, bench)

    return show(keep(task_id, lambda draft: _edited(draft, written, bench), bench), bench=bench)


def _edit_ahead(task: Task, written: Written, bench: Bench) -> Shown:
    """Keep the edit together with the note on the head that there is one."""

    def edited() -> Task:
        draft = _edited(find(task.id, bench=bench), written, bench)
        if written.subject is not None or written.body is not None:
            _insist_on_filled_in(show(draft, bench=bench))
        return draft

    progress.take(
        task.enrollment_id,
        DraftKept(step_id=task.step_id),
        stores=bench.stores,
        outside=bench.outside,
        # Asked anew at every try: what another wrote meanwhile stays.
        extra=lambda tx: bench.stores.tasks.keep_draft(tx, edited()),
    )
    return show(find(task.id, bench=bench), bench=bench)


def _edited(task: Task, written: Written, bench: Bench) -> Task:
    """Return the task with what was written; raises RuleError with all that does not fit."""
    problems = []
    if task.type not in _MAILS:
        message = f"This is a {task.type}, not a mail; complete it instead."
        problems.append(Problem(path="$", code="not_a_mail", message=message))
    to = [parse_address(each) for each in written.to or ()]
    problems.extend(
        Problem(path=f"$.to[{at}]", code="wrong_value", message="This is no e-mail address.")
        for at, address in enumerate(to)
        if address is None
    )
    sender = _sender(written.sender, bench)
    if written.sender is not None and sender is None:
        message = "No active user has this address; give a user's own e-mail address."
        problems.append(Problem(path="$.from", code="unknown_sender", message=message))
    if problems:
        raise RuleError(*problems)
    task = replace(
        task,
        to=task.to if written.to is None else tuple(dict.fromkeys(filter(None, to))),
        sender_id=sender or task.sender_id,
    )
    subject, body = task.subject, task.body
    if written.subject is not None:
        subject = filled_in(written.subject, task, is_html=False, bench=bench)
    if written.body is not None:
        body = filled_in(written.body, task, is_html=True, bench=bench)
    return replace(task, subject=subject, body=body)


def _sender(address: str | None, bench: Bench) -> UserId | None:
    if address is None:
        return None
    user = bench.stores.users.find_by_address(normalized(address))
    is_own = user is not None and user.is_active and user.email == normalized(address)
    return user.id if user is not None and is_own else None


def _insist_on_filled_in(shown: Shown) -> None:
    """Refuse a text with gaps: no customer shall read braces."""
    texts = {"$.subject": shown.subject, "$.body": shown.body}
    gaps = ", ".join(shown.missing) or "what stands between the braces"
    message = f"Write out {gaps}: no value is known for it, and no customer shall read braces."
    problems = [
        Problem(path=path, code="missing_variable", message=message)
        for path, text in texts.items()
        if "{{" in text or "{%" in text
    ]
    if not shown.subject.strip():
        message = "Give the mail a subject."
        problems.append(Problem(path="$.subject", code="missing_subject", message=message))
    if problems:
        raise RuleError(*problems)
