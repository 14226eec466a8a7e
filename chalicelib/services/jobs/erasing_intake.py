"""Takes a person out of what intake keeps: the mails where SES wrote them, and mail kept apart.

A delivery that a mail came by stays, without its sender and subject, so that SES's word of it, were
it to come again, still finds it done.
"""

from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

from chalicelib.domain.errors import MissingError
from chalicelib.domain.mail.filed import Delivery, FiledMessage
from chalicelib.domain.mail.threads import Thread
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs.retention import let_go

_A_PAGE: Final = 50


def forget_arrivals(thread: Thread, messages: Collection[FiledMessage], bench: Bench) -> None:
    """Delete these messages where SES wrote them, and the words of their deliveries."""
    stores = bench.stores
    variants = ["", *(f"{each.kind}#{each.id}" for each in thread.links)]
    for message in messages:
        for variant in variants:
            named = stores.retention.delivery_of(thread.owner_id, message.key, variant)
            if named is not None:
                with suppress(MissingError):  # its row was never written: intake stopped there
                    _forget(stores.deliveries.get(named), bench)


def forget_kept_apart(addresses: Collection[str], bench: Bench) -> int:
    """Let go the mail of these senders that nobody has filed; return how many there were."""
    at: Any = None
    count = 0
    while True:
        page = bench.stores.deliveries.kept_apart(before=None, limit=_A_PAGE, cursor=at)
        for each in page.rows:
            if each.sender in addresses:
                let_go(each, bench)
                _delete_arrival(each, bench)
                count += 1
        at = page.cursor
        if at is None:
            return count


def _forget(delivery: Delivery, bench: Bench) -> None:
    _delete_arrival(delivery, bench)
    if delivery.sender or delivery.subject:
        bench.stores.deliveries.forget_words(delivery)


def _delete_arrival(delivery: Delivery, bench: Bench) -> None:
    """Delete the mail where SES wrote it, unless it came to another tenant as well."""
    if bench.stores.retention.is_shared(delivery.object_key):
        return
    bench.stores.retention.delete_arrival(delivery.object_key)
