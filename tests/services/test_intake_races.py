"""Mails of one conversation that come at the same time, each twice, through many hands."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from chalicelib.entry import wiring
from chalicelib.services import smart_bcc
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_tenant, a_user
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter, a_notification

ANSWERED = (None, 0, 1, 1, 3, None, 5, 4, 2, 6)
"""Which mail each of ten answers: two conversations, with branches."""


def test_a_conversation_that_comes_all_at_once_makes_the_threads_it_would_make_in_order(
    shared_stores: Stores, doubles: Doubles
) -> None:
    stores = shared_stores
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    outside, office = doubles.outside, PostOffice(doubles)
    sally = a_user().id
    own = smart_bcc.create(sally, item=None, stores=stores, outside=outside, now=NOW)
    wiring.mailroom()
    for number, parent in enumerate(ANSWERED):
        answered = "" if parent is None else f"{parent}@x.test"
        letter = replace(a_letter(), message_id=f"{number}@x.test", in_reply_to=answered)
        office.put(letter.octets, str(number))
    arrivals = [str(number) for number in range(len(ANSWERED))] * 2
    random.Random(7).shuffle(arrivals)

    def deliver(ses_id: str) -> None:
        office.notify(a_notification(f"{own.local_part}@in.sekvens.test", ses_id=ses_id))

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(deliver, arrivals))

    threads = stores.threads.list_page(sally, limit=50, cursor=None).rows
    messages = [stores.messages.list_page(each.id, limit=50, cursor=None).rows for each in threads]
    assert sorted(sorted(str(each.wire_id)[0] for each in found) for found in messages) == [
        ["0", "1", "2", "3", "4", "7", "8"],
        ["5", "6", "9"],
    ]
    assert sorted(each.message_count for each in threads) == [3, 7]
