"""HTTP doors to threads: read the request, call one service, shape the answer."""

from enum import StrEnum
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.errors import MissingError, Problem, RuleError, StaleWriteError
from chalicelib.domain.ids import ItemId, MessageKey, ThreadId
from chalicelib.domain.mail.search_words import SHORTEST, asked_words
from chalicelib.domain.mail.threads import Folder, Thread
from chalicelib.entry.http import PAGING, Answer, Request, answers, data, page
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.shapes import threads as shapes
from chalicelib.entry.thread_bodies import show_explanation, show_message, show_threads
from chalicelib.services import threads as service

routes = Blueprint(__name__)


Searched = Annotated[
    str, msgspec.Meta(description="Words that begin one of the subject, or of whom it is with.")
]


class YesOrNo(StrEnum):
    """A question that a filter asks."""

    TRUE = "true"
    FALSE = "false"


class Linking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that names an item."""

    kind: ItemKind
    id: ItemId


class Marking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that marks a thread; what is left out stays as it is."""

    shared: bool | None = None
    read: bool | None = None
    archived: bool | None = None


@routes.route("/v1/threads", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "folder", "item_kind", "item_id", "linked", "needs_choice", "q"))
@promises(lists=shapes.Thread, reads={"folder": Folder, "q": Searched}, refuses=(MissingError,))
def list_threads(request: Request) -> Answer:
    """List the caller's threads, or an item's; the latest message first."""
    folder = choice_of(request, "folder", Folder)
    return _listed(
        request,
        service.ThreadFilter(
            folder=folder,
            item=_item(request),
            is_linked=_yes_or_no(request, "linked"),
            needs_choice=_yes_or_no(request, "needs_choice"),
            words=_words(request),
        ),
    )


@routes.route("/v1/items/{kind}/{item_id}/threads", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.Thread)
def list_threads_of_item(request: Request, kind: str, item_id: str) -> Answer:
    """List the mail of a lead, deal, project, person or organization."""
    try:
        ref = ItemRef(ItemKind(kind), ItemId(item_id))
    except ValueError:
        raise MissingError(kind=kind, id=item_id) from None
    return _listed(request, service.ThreadFilter(item=ref))


@routes.route("/v1/threads/{thread_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Thread, refuses=(service.NotThreadOwnerError,))
def get_thread(request: Request, thread_id: str) -> Answer:
    """Show one thread: to its owner, to admins, to others once it is shared and linked."""
    return _shown(request, _thread(request, thread_id))


@routes.route("/v1/threads/{thread_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=Marking,
    gives=shapes.Thread,
    refuses=(service.NotThreadOwnerError, service.MarksAreOwnersError, StaleWriteError),
)
def mark_thread(request: Request, thread_id: str) -> Answer:
    """Share a thread of one's own, mark it read, or put it into the archive."""
    body = request.body(Marking)
    marks = service.Marks(is_shared=body.shared, is_read=body.read, is_archived=body.archived)
    thread = service.mark(ThreadId(thread_id), marks, caller=request.caller, stores=request.stores)
    return _shown(request, thread)


@routes.route("/v1/threads/{thread_id}/explain", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Explanation, refuses=(service.NotThreadOwnerError,))
def explain_thread(request: Request, thread_id: str) -> Answer:
    """Say why the thread is linked as it is, and what else was thought of."""
    return data(show_explanation(_thread(request, thread_id)))


@routes.route("/v1/threads/{thread_id}/correspondents", methods=["GET"], cors=True)
@answers(routes)
@promises(lists=shapes.Correspondent, refuses=(service.NotThreadOwnerError,))
def list_correspondents(request: Request, thread_id: str) -> Answer:
    """List who takes part in a thread, and who of them is offered as a new person."""
    from chalicelib.services import newcomers  # noqa: PLC0415 - doors load what they use

    found = newcomers.of_thread(
        ThreadId(thread_id),
        caller=request.caller,
        stores=request.stores,
        inbound_domain=request.outside.inbound_domain,
    )
    return page(
        [
            {
                "address": each.mailbox.address,
                "name": each.mailbox.name,
                "person_id": each.person_id,
                "offered": each.is_offered,
                "why_not": each.why_not,
            }
            for each in found
        ],
        None,
    )


@routes.route("/v1/threads/{thread_id}/messages", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.Message, refuses=(service.NotThreadOwnerError,))
def list_messages(request: Request, thread_id: str) -> Answer:
    """List a thread's messages, oldest first."""
    asked = request.page()
    listing = service.list_messages(
        ThreadId(thread_id),
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page([show_message(each, request.stores) for each in listing.rows], listing.cursor)


@routes.route("/v1/threads/{thread_id}/messages/{key}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Message, refuses=(service.NotThreadOwnerError,))
def get_message(request: Request, thread_id: str, key: str) -> Answer:
    """Show one message with its bodies and files."""
    message = service.get_message(
        ThreadId(thread_id), MessageKey(key), caller=request.caller, stores=request.stores
    )
    return data(show_message(message, request.stores))


@routes.route("/v1/threads/{thread_id}/link", methods=["PUT"], cors=True)
@answers(routes)
@promises(
    takes=Linking, gives=shapes.Thread, refuses=(service.NotThreadOwnerError, StaleWriteError)
)
def link_thread(request: Request, thread_id: str) -> Answer:
    """Put the whole thread under one lead, deal or project."""
    body = request.body(Linking)
    thread = service.link(
        ThreadId(thread_id),
        ItemRef(body.kind, body.id),
        caller=request.caller,
        stores=request.stores,
    )
    return _shown(request, thread)


@routes.route("/v1/threads/{thread_id}/link", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=shapes.Thread, refuses=(service.NotThreadOwnerError, StaleWriteError))
def unlink_thread(request: Request, thread_id: str) -> Answer:
    """Empty the thread's item slot; what was taken out does not come back by itself."""
    thread = service.unlink(ThreadId(thread_id), caller=request.caller, stores=request.stores)
    return _shown(request, thread)


def _listed(request: Request, wanted: service.ThreadFilter) -> Answer:
    asked = request.page()
    listing = service.list_page(
        wanted,
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page(show_threads(listing.rows, request.stores), listing.cursor)


def _thread(request: Request, thread_id: str) -> Thread:
    return service.get(ThreadId(thread_id), caller=request.caller, stores=request.stores)


def _shown(request: Request, thread: Thread) -> Answer:
    return data(show_threads([thread], request.stores)[0])


def _item(request: Request) -> ItemRef | None:
    kind, item_id = choice_of(request, "item_kind", ItemKind), request.query("item_id")
    if kind is None and item_id is None:
        return None
    if kind is None or item_id is None:
        message = "Give item_kind and item_id together."
        raise RuleError(Problem(path="item_id", code="incomplete_filter", message=message))
    return ItemRef(kind, ItemId(item_id))


def _words(request: Request) -> tuple[str, ...]:
    asked = request.query("q")
    if asked is None:
        return ()
    words = asked_words(asked)
    if not words:
        message = f"Give at least {SHORTEST} letters or digits of a word."
        raise RuleError(Problem(path="q", code="too_short", message=message))
    return tuple(words)


def _yes_or_no(request: Request, name: str) -> bool | None:
    given = choice_of(request, name, YesOrNo)
    return None if given is None else given is YesOrNo.TRUE
