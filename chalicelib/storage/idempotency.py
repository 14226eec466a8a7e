"""Keeps requests sent with an Idempotency-Key, so that a repetition has the first one's answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import DeleteError, PutError, UpdateError

from chalicelib.domain.errors import ThrottledError
from chalicelib.domain.ids import ApiTokenId, TenantId
from chalicelib.storage import keys
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.idempotency import OnceRow

LEASED_FOR: Final = timedelta(seconds=60)
"""Longer than any request may take (API Gateway: 29 s): who has not answered by then is dead."""
KEPT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a request: its hash, and its answer once there is one."""

    request_hash: str
    status: int | None
    content_type: str
    body: str


class IdempotencyStore:
    """The requests of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to one tenant."""
        self._tenant_id = tenant_id

    def place(self, token_id: ApiTokenId, route: str, key: str) -> str:
        """Return where a request is kept: one place per token, route and key."""
        return keys.idempotency(self._tenant_id, token_id, route, key)

    def begin(self, place: str, *, request_hash: str, owner: str, now: datetime) -> Kept | None:
        """Take the request on; if it is there already, return what is known of it instead."""
        row = OnceRow(
            place,
            keys.HEAD,
            request_hash=request_hash,
            owner=owner,
            leased_until=now + LEASED_FOR,
            valid_until=now + KEPT_FOR,
            expires_at=int((now + KEPT_FOR).timestamp()),
        )
        is_abandoned = OnceRow.body.does_not_exist() & (OnceRow.leased_until < now)
        try:
            row.save(
                condition=OnceRow.pk.does_not_exist()
                | (OnceRow.valid_until < now)
                | is_abandoned
                | (OnceRow.owner == owner)
            )
        except PutError as error:
            if not is_refused(error):
                raise
            return self._known(place)
        return None

    def finish(self, place: str, *, owner: str, status: int, content_type: str, body: str) -> None:
        """Keep the answer; a row that was given to somebody else meanwhile stays as it is."""
        try:
            OnceRow(place, keys.HEAD).update(
                actions=[
                    OnceRow.status.set(status),
                    OnceRow.content_type.set(content_type),
                    OnceRow.body.set(body),
                ],
                condition=OnceRow.owner == owner,
            )
        except UpdateError as error:
            if not is_refused(error):
                raise

    def release(self, place: str, *, owner: str) -> None:
        """Forget a request that failed on our side: its repetition runs anew."""
        try:
            OnceRow(place, keys.HEAD).delete(condition=OnceRow.owner == owner)
        except DeleteError as error:
            if not is_refused(error):
                raise

    def _known(self, place: str) -> Kept:
        try:
            row = OnceRow.get(place, keys.HEAD, consistent_read=True)
        except OnceRow.DoesNotExist:
            raise ThrottledError(retry_after=1) from None  # released between the two looks
        return Kept(
            request_hash=row.request_hash,
            status=int(row.status) if row.body else None,
            content_type=row.content_type or "",
            body=row.body or "",
        )
