"""What admins do with webhooks: make, change, remove, see what they were told, tell it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import WebhookId
from chalicelib.domain.webhooks import parcels, secrets
from chalicelib.domain.webhooks.parcels import Parcel, ParcelState
from chalicelib.domain.webhooks.targets import check_url
from chalicelib.domain.webhooks.webhook import MOST_WEBHOOKS, Webhook, check_topics
from chalicelib.services import telling
from chalicelib.services.decisions import Bench
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants a webhook to be; what is unset stays."""

    url: str | UnsetType = UNSET
    topics: Sequence[str] | UnsetType = UNSET
    is_on: bool | UnsetType = UNSET


def of_tenant(*, caller: Caller, stores: Stores) -> list[Webhook]:
    """Return every webhook, oldest first."""
    require(caller, Right.MANAGE_WEBHOOKS)
    return stores.webhooks.all()


def get(webhook_id: WebhookId, *, caller: Caller, stores: Stores) -> Webhook:
    """Return one webhook."""
    require(caller, Right.MANAGE_WEBHOOKS)
    return stores.webhooks.get(webhook_id)


def create(
    draft: Draft, *, is_loopback_allowed: bool, caller: Caller, bench: Bench
) -> tuple[Webhook, str]:
    """Make a webhook; return it with its secret, which is shown this once."""
    require(caller, Right.MANAGE_WEBHOOKS)
    now, mint = bench.now(), bench.outside.mint
    webhook_id = WebhookId(mint.new_id(now))
    secret = secrets.SECRET_PREFIX + mint.secret(secrets.SECRET_CHARACTERS)
    sealed = secrets.seal(
        secret,
        of=telling.owner_of(webhook_id, bench),
        nonce=mint.secret(secrets.NONCE_CHARACTERS),
        keys=bench.outside.mac_keys,
    )
    webhook = Webhook(
        id=webhook_id,
        url=draft.url or "",
        topics=tuple(draft.topics or ()),
        is_on=draft.is_on is not False,
        sealed_secret=sealed,
        author_id=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    _insist(webhook, is_loopback_allowed=is_loopback_allowed)
    if len(bench.stores.webhooks.all()) >= MOST_WEBHOOKS:
        message = f"There are {MOST_WEBHOOKS} webhooks already; delete one first."
        raise RuleError(Problem(path="$", code="too_many", message=message))
    return bench.stores.webhooks.save(webhook), secret


def change(
    webhook_id: WebhookId,
    draft: Draft,
    *,
    is_loopback_allowed: bool,
    read_version: int | None,
    caller: Caller,
    bench: Bench,
) -> Webhook:
    """Change where a webhook is and what it hears; its secret stays."""
    require(caller, Right.MANAGE_WEBHOOKS)
    webhook = _as_read(webhook_id, read_version, bench.stores)
    changed = msgspec.structs.replace(
        webhook,
        url=webhook.url if draft.url is UNSET else draft.url,
        topics=webhook.topics if draft.topics is UNSET else tuple(draft.topics),
        is_on=webhook.is_on if draft.is_on is UNSET else draft.is_on,
    )
    if changed == webhook:
        return webhook
    _insist(changed, is_loopback_allowed=is_loopback_allowed)
    return bench.stores.webhooks.save(msgspec.structs.replace(changed, updated_at=bench.now()))


def remove(
    webhook_id: WebhookId, *, read_version: int | None, caller: Caller, stores: Stores
) -> None:
    """Remove a webhook; what was on its way to it is forgotten."""
    require(caller, Right.MANAGE_WEBHOOKS)
    stores.webhooks.remove(_as_read(webhook_id, read_version, stores))


def deliveries(
    webhook_id: WebhookId,
    *,
    state: ParcelState | None,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Parcel]:
    """Return what a webhook was told in the last month, newest first."""
    get(webhook_id, caller=caller, stores=stores)
    return stores.webhooks.parcels(webhook_id, state=state, limit=limit, cursor=cursor)


def replay(webhook_id: WebhookId, parcel_id: str, *, caller: Caller, bench: Bench) -> Parcel:
    """Tell a webhook once more, with all tries anew; its program knows it by the same id."""
    webhook = get(webhook_id, caller=caller, stores=bench.stores)
    parcel = bench.stores.webhooks.parcel(webhook_id, parcel_id)
    if not webhook.is_on:
        raise StateError(kind="webhook", state="switched off", remedy="switch it on first")
    anew = bench.stores.webhooks.keep(parcels.begun_anew(parcel, now=bench.now()))
    telling.hand_out([(webhook, anew)], bench=bench)
    return anew


def _as_read(webhook_id: WebhookId, read_version: int | None, stores: Stores) -> Webhook:
    webhook = stores.webhooks.get(webhook_id)
    if read_version not in {None, webhook.version}:
        raise StaleWriteError(kind="webhook", id=webhook_id)
    return webhook


def _insist(webhook: Webhook, *, is_loopback_allowed: bool) -> None:
    problems = [
        *check_url(webhook.url, is_loopback_allowed=is_loopback_allowed),
        *check_topics(webhook.topics),
    ]
    if problems:
        raise RuleError(*problems)
