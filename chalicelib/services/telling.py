"""Tells webhooks what happened: from the news to a parcel, from hand to hand, until it arrives.

Two functions share the work. This one has the table and never speaks to strangers: it keeps
parcels, signs, and hands what is to be posted to `call`. The one behind `call` speaks to strangers
and has no table: it posts, and hands what came of it back to `webhook`.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from chalicelib.domain.crm.features import lacks_of
from chalicelib.domain.crm.settings import Feature
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import TenantId, WebhookId
from chalicelib.domain.webhooks import parcels, secrets
from chalicelib.domain.webhooks.news import News, body_of
from chalicelib.domain.webhooks.parcels import Called, Parcel
from chalicelib.domain.webhooks.webhook import Webhook, listens
from chalicelib.gateways.clock import SystemClock
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import QueueRefusedError
from chalicelib.services.decisions import Bench
from chalicelib.storage import webhook_keys, webhooks

HELD_FOR: Final = timedelta(minutes=15)
"""So long waits what may not be told now: the tenant is suspended, or webhooks are off."""
USER_AGENT: Final = "Sekvens-Webhooks/1"


def tell(news: Sequence[News], *, bench: Bench) -> None:
    """Begin a parcel for every webhook that listens; told again, nothing is begun twice."""
    listening = [each for each in bench.stores.webhooks.all() if each.is_on]
    if not listening or not _may_tell(bench):
        return
    now = bench.now()
    begun = [
        (webhook, parcel)
        for each in news
        for webhook in listening
        if listens(webhook, each.topic)
        and (parcel := bench.stores.webhooks.begin(parcels.new(each, webhook.id, now=now)))
    ]
    hand_out(begun, bench=bench)


def look(webhook_id: WebhookId, parcel_id: str, *, bench: Bench) -> None:
    """Make the next try of a parcel, or see that there is none; early, nothing happens."""
    store, now = bench.stores.webhooks, bench.now()
    parcel = store.parcel(webhook_id, parcel_id)
    if not parcels.overdue(parcel, now=now):
        return
    webhook = store.find(webhook_id)
    if webhook is None:
        store.forget(parcel)
    elif not webhook.is_on:
        store.keep(parcels.given_up(parcel, "The webhook was switched off.", now=now))
    elif not _may_tell(bench):
        store.keep(parcels.held(parcel, until=now + HELD_FOR))
    elif parcel.tries >= parcels.MOST_TRIES:
        store.keep(parcels.given_up(parcel, "Nothing was heard of the last try.", now=now))
    else:
        hand_out([(webhook, store.keep(parcels.handed_out(parcel, now=now)))], bench=bench)


def hear(
    webhook_id: WebhookId, parcel_id: str, called: Called, *, of_try: int, bench: Bench
) -> None:
    """Keep what came of a call."""
    try:
        parcel = bench.stores.webhooks.parcel(webhook_id, parcel_id)
    except MissingError:
        return  # its webhook is gone
    after = parcels.answered(parcel, called, of_try=of_try, now=bench.now())
    if after != parcel:
        bench.stores.webhooks.keep(after)


def hand_out(tries: Iterable[tuple[Webhook, Parcel]], *, bench: Bench) -> None:
    """Sign, and hand to `call`; what the queue refuses is found again within minutes."""
    bodies = [_letter(webhook, parcel, bench) for webhook, parcel in tries]
    if bodies:
        with suppress(QueueRefusedError):
            bench.outside.queues.send("call", bodies, tenant_id=bench.stores.tenant_id)


def find_waiting(shard: int, *, of: int = webhook_keys.DUE_SHARDS, outside: Outside) -> int:
    """Hand on every parcel that somebody must look at; return how many.

    Who reads a shard of enrollments reads parcels, too: `of` so many readers, few or many, share
    all of them. A reader that is left over from when there were more has no part.
    """
    found = 0
    parts = range(shard, webhook_keys.DUE_SHARDS, of) if shard < of else ()
    for page in (page for each in parts for page in webhooks.waiting(each, outside.clock.now())):
        told_by_tenant: dict[TenantId, list[str]] = {}
        for it in page:
            told = {"t": it.tenant_id, "look": [it.webhook_id, it.parcel_id]}
            told_by_tenant.setdefault(it.tenant_id, []).append(json.dumps(told))
        for tenant_id, bodies in told_by_tenant.items():
            outside.queues.send("webhook", bodies, tenant_id=tenant_id)
        found += len(page)
    return found


def owner_of(webhook_id: WebhookId, bench: Bench) -> str:
    """Return what a sealed secret belongs to: it opens for this webhook of this tenant alone."""
    return f"{bench.stores.tenant_id}.{webhook_id}"


def _letter(webhook: Webhook, parcel: Parcel, bench: Bench) -> str:
    """Write what `call` needs; the secret stays here."""
    keys = bench.outside.mac_keys
    secret = secrets.open_sealed(webhook.sealed_secret, of=owner_of(webhook.id, bench), keys=keys)
    body = body_of(parcel.news, webhook_id=webhook.id)
    # Whoever verifies has the world's clock, also where ours was put ahead.
    at = int(SystemClock().now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "sekvens-event-id": parcel.id,
        "sekvens-try": str(parcel.tries),
        "sekvens-signature": secrets.signature(secret, body, at=at),
    }
    told = {
        "back": {"t": bench.stores.tenant_id, "called": [webhook.id, parcel.id, parcel.tries]},
        "url": webhook.url,
        "headers": headers,
        "body": body,
    }
    return json.dumps(told)


def _may_tell(bench: Bench) -> bool:
    tenant = bench.stores.tenant.get()
    return not tenant.is_suspended and Feature.WEBHOOKS not in lacks_of(tenant)
