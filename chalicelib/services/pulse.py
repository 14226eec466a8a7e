"""What a user is to do next, and what happens when it is done: the Pulse feed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.crm.items import Item
from chalicelib.domain.crm.merge_fields import (
    Fields,
    MissingFieldError,
    TemplateError,
    fields_of,
    render,
)
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import MissingError, StateError
from chalicelib.domain.ids import TaskId, UserId
from chalicelib.domain.sequences.definition import (
    EmailStep,
)
from chalicelib.domain.sequences.enrollment import Phase
from chalicelib.domain.sequences.tasks import Task, TaskState
from chalicelib.services import related_items
from chalicelib.services.anew import decided_anew
from chalicelib.services.decisions import Bench
from chalicelib.services.related_items import Related
from chalicelib.services.task_texts import texts_of
from chalicelib.storage.transaction import Transaction

_Made = TypeVar("_Made", bound=Task | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task with its texts and its item, as a person sees it.

    `missing` names the merge fields that nothing could be filled in for: they stand in the text as
    their author wrote them, and it cannot be sent so.
    """

    task: Task
    item: Item | None
    subject: str
    body: str
    note: str
    is_automatic: bool
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries of a feed are asked for: of this type, with these words in them."""

    type: str | None = None
    q: str | None = None

    def takes(self, shown: Shown) -> bool:
        """Whether every word stands in the subject, the note or the item's title."""
        title = shown.item.title if shown.item else ""
        text = f"{shown.subject} {shown.note} {title}".casefold()
        return all(word in text for word in (self.q or "").casefold().split())


def feed(
    assignee_id: UserId,
    *,
    limit: int,
    cursor: dict[str, str] | None,
    due_before: datetime | None,
    wanted: Wanted | None = None,
    bench: Bench,
) -> tuple[list[Shown], dict[str, str] | None]:
    """Return a page of a user's open tasks, by due instant, then priority.

    Mails that go out by themselves are among them, though nobody need do anything (PD-SEQ-13).
    """
    wanted = wanted or Wanted()
    tasks, following = bench.stores.tasks.page(
        assignee_id, limit=limit, cursor=cursor, due_before=due_before
    )
    tasks = [task for task in tasks if wanted.type in {None, task.type}]
    known = related_items.of_many({task.item for task in tasks}, bench=bench)
    senders = {each: bench.stores.users.get(each) for each in {_sender_of(it) for it in tasks}}
    shown = []
    for task in tasks:
        entry = find(task.id, bench=bench) if task.is_ahead and task.has_edits else task
        shown.append(_shown(entry, known.get(task.item), senders, bench))
    return [each for each in shown if wanted.takes(each)], following


def find(task_id: TaskId, *, bench: Bench) -> Task:
    """Return a task, or the mail that goes out next by itself; raises MissingError."""
    task = bench.stores.tasks.find_by_id(task_id)
    if task is not None and not task.is_ahead:
        return task
    entry = bench.stores.tasks.ahead(task_id) or task
    if entry is None:
        raise MissingError(kind="task", id=task_id)
    return entry


def show(task: Task, *, bench: Bench) -> Shown:
    """Return a task with its texts rendered for its item, unless its user edited them."""
    known = related_items.of_many([task.item], bench=bench)
    return _shown(task, known.get(task.item), {}, bench)


def filled_in(text: str, task: Task, *, is_html: bool, bench: Bench) -> str:
    """Return what a user wrote into a mail, with the values of its item; raw if one is missing."""
    found = related_items.of_many([task.item], bench=bench).get(task.item)
    if found is None:
        return text
    fields, _ = _fields(found, bench.stores.users.get(_sender_of(task)))
    return _rendered(text, fields, [], is_html=is_html)


def _sender_of(task: Task) -> UserId:
    return task.sender_id or task.assignee_id


def _shown(
    task: Task, found: Related | None, senders: Mapping[UserId, User], bench: Bench
) -> Shown:
    published = bench.stores.sequences.flow_version(task.sequence_id, task.flow_version)
    step = published.flow.by_id()[task.step_id]
    sender = senders.get(_sender_of(task)) or bench.stores.users.get(_sender_of(task))
    fields, address = ({}, None) if found is None else _fields(found, sender)
    gaps: list[str] = []
    subject, body, note = texts_of(step, task, gaps, bench=bench)
    is_mail = isinstance(step, EmailStep)
    if task.subject is None:
        subject = _rendered(subject, fields, gaps, is_html=False)
    if task.body is None:
        body = _rendered(body, fields, gaps, is_html=True)
    return Shown(
        task=task,
        item=None if found is None else found.item,
        subject=task.subject if task.subject is not None else subject,
        body=task.body if task.body is not None else body,
        note=_rendered(note, fields, [], is_html=False),
        is_automatic=isinstance(step, EmailStep) and step.automatic,
        sender=sender.email if is_mail else None,
        recipients=(task.to or ((address,) if address else ())) if is_mail else (),
        missing=tuple(dict.fromkeys(gaps)),
    )


def _fields(found: Related, sender: User) -> tuple[Fields, str | None]:
    """Return the merge fields of a mail about an item, and whom it would be written to."""
    writes_to = found.person or found.organization or found.item
    fields = fields_of(found.item, found.person, found.organization, sender)
    return fields, writes_to.primary_address


def _rendered(template: str, fields: Fields, gaps: list[str], *, is_html: bool) -> str:
    """Render for a person's eyes: a gap is shown as its author wrote it, to be filled by hand."""
    try:
        return render(template, fields, is_html=is_html)
    except MissingFieldError as error:
        gaps.append(error.field)
    except TemplateError:
        gaps.append("the text itself")
    return template


def open_task(task_id: TaskId, bench: Bench) -> Task:
    """Return a task that is still to be done; raises MissingError or StateError."""
    task = find(task_id, bench=bench)
    if task.is_ahead:
        remedy = "change it, skip its wait, or pause the enrollment"
        raise StateError(kind="task", state="a mail that goes out by itself", remedy=remedy)
    if task.state is not TaskState.OPEN:
        remedy = "look into the feed for what is to be done now"
        raise StateError(kind="task", state=task.state, remedy=remedy)
    return task


def keep(task_id: TaskId, edited: Callable[[Task], Task], bench: Bench) -> Task:
    """Write what `edited` makes of an open task, and return it.

    If somebody else edited it meanwhile, it is made of theirs: nobody undoes what another did.
    A draft that was sent stays as it was sent, and whose it was; raises MissingError or StateError.
    """

    def anew() -> Task:
        task = open_task(task_id, bench)
        if bench.stores.enrollments.get(task.enrollment_id).phase is not Phase.ASKED:
            remedy = "what you change comes too late"
            raise StateError(kind="task", state="being sent", remedy=remedy)
        return edited(task)

    return write_anew(anew, bench)


def write_anew(made: Callable[[], _Made], bench: Bench) -> _Made:
    """Write what is made of a task as it stands, if anything; asked again if another was quicker.

    Raises StaleWriteError if others always were.
    """

    def written() -> _Made:
        task = made()
        if task is not None:
            with Transaction() as tx:
                bench.stores.tasks.edit(tx, task)
        return task

    return decided_anew(written)
