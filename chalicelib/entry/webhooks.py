"""HTTP doors to webhooks: programs elsewhere that are told what happens."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.errors import StaleWriteError, StateError
from chalicelib.domain.ids import WebhookId
from chalicelib.domain.webhooks.parcels import Parcel, ParcelState
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.entry.http import (
    PAGING,
    Answer,
    Request,
    answers,
    created,
    data,
    deleted,
    page,
    part_of,
)
from chalicelib.entry.promises import promises
from chalicelib.entry.queries import choice_of
from chalicelib.entry.settings import settings
from chalicelib.entry.shapes import webhooks as shapes
from chalicelib.entry.shapes.answers import Deleted
from chalicelib.services import webhooks as service

routes = Blueprint(__name__)

Wanted = Annotated[list[str], msgspec.Meta(max_length=50)]
_REFUSALS = (RoleMissingError, StaleWriteError)


class NewWebhook(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"topics": "events", "is_on": "on"},
):
    """The body that makes a webhook."""

    url: str
    topics: Wanted
    is_on: bool = True


class WebhookChange(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"topics": "events", "is_on": "on"},
):
    """The body that changes a webhook; its secret stays."""

    url: str | UnsetType = UNSET
    topics: Wanted | UnsetType = UNSET
    is_on: bool | UnsetType = UNSET


@routes.route("/v1/webhooks", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.Webhook, refuses=(RoleMissingError,))
def list_webhooks(request: Request) -> Answer:
    """List the webhooks, oldest first."""
    known = service.of_tenant(caller=request.caller, stores=request.stores)
    return part_of(known, request.page(), place=lambda it: it.id, show=_body)


@routes.route("/v1/webhooks", methods=["POST"], cors=True)
@answers(routes)
@promises(
    takes=NewWebhook, gives=shapes.NewlyMadeWebhook, statuses=(201,), refuses=(RoleMissingError,)
)
def create_webhook(request: Request) -> Answer:
    """Make a webhook; the secret that signs is in this answer and nowhere else."""
    made, secret = service.create(
        _draft(request.body(NewWebhook)),
        is_loopback_allowed=settings().is_loopback_called,
        caller=request.caller,
        bench=request.bench,
    )
    return created({**_body(made), "secret": secret}, secret="secret")  # noqa: S106 - a field's name


@routes.route("/v1/webhooks/{webhook_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.Webhook, refuses=(RoleMissingError,))
def get_webhook(request: Request, webhook_id: str) -> Answer:
    """Show one webhook."""
    found = service.get(WebhookId(webhook_id), caller=request.caller, stores=request.stores)
    return data(_body(found))


@routes.route("/v1/webhooks/{webhook_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(takes=WebhookChange, gives=shapes.Webhook, is_versioned=True, refuses=_REFUSALS)
def change_webhook(request: Request, webhook_id: str) -> Answer:
    """Change where a webhook is and what it hears, or switch it `on` and off."""
    changed = service.change(
        WebhookId(webhook_id),
        _draft(request.body(WebhookChange)),
        is_loopback_allowed=settings().is_loopback_called,
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data(_body(changed))


@routes.route("/v1/webhooks/{webhook_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, is_versioned=True, refuses=_REFUSALS)
def delete_webhook(request: Request, webhook_id: str) -> Answer:
    """Remove a webhook; what was on its way to it is forgotten."""
    service.remove(
        WebhookId(webhook_id),
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
    )
    return deleted(webhook_id)


@routes.route("/v1/webhooks/{webhook_id}/deliveries", methods=["GET"], cors=True)
@answers(routes, queries=(*PAGING, "state"))
@promises(lists=shapes.Delivery, reads={"state": ParcelState}, refuses=(RoleMissingError,))
def list_webhook_deliveries(request: Request, webhook_id: str) -> Answer:
    """List what a webhook was told in the last 30 days, newest first, with what came of it."""
    asked = request.page()
    found = service.deliveries(
        WebhookId(webhook_id),
        state=choice_of(request, "state", ParcelState),
        limit=asked.limit,
        cursor=asked.cursor,
        caller=request.caller,
        stores=request.stores,
    )
    return page([_delivery(each) for each in found.rows], found.cursor)


@routes.route(
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", methods=["POST"], cors=True
)
@answers(routes)
@promises(gives=shapes.Delivery, refuses=(*_REFUSALS, StateError))
def replay_webhook_delivery(request: Request, webhook_id: str, delivery_id: str) -> Answer:
    """Tell a webhook the same once more, with all tries anew, under the same id."""
    request.nothing()
    anew = service.replay(
        WebhookId(webhook_id), delivery_id, caller=request.caller, bench=request.bench
    )
    return data(_delivery(anew))


def _draft(body: NewWebhook | WebhookChange) -> service.Draft:
    return service.Draft(url=body.url, topics=body.topics, is_on=body.is_on)


def _body(it: Webhook) -> dict[str, object]:
    return {
        "id": it.id,
        "url": it.url,
        "events": it.topics,
        "on": it.is_on,
        "author_id": it.author_id,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "version": it.version,
    }


def _delivery(it: Parcel) -> dict[str, object]:
    return {
        "id": it.id,
        "event": it.news.topic,
        "occurred_at": it.news.at,
        "data": it.news.data,
        "state": it.state,
        "tries": it.tries,
        "status": it.last.status if it.last else None,
        "trouble": it.last.why if it.last else None,
        "next_try_at": None if it.is_out else it.look_at,
        "ended_at": it.ended_at,
    }
