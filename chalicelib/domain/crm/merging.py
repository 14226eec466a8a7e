"""Two persons who turn out to be one: what the winner is afterwards, and what the loser.

The winner's own words stand; the loser fills what is empty. Whoever was not to be written to or
called is not, whichever of the two said so.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.fields import MOST_IN_A_LIST, MOST_TAGS
from chalicelib.domain.crm.items import EmailAddress, Item, ItemStatus
from chalicelib.domain.errors import Problem

MOST_MERGED: Final = 50
"""How many persons may be merged into one: its history is read through all of them."""


def merged(winner: Item, loser: Item, *, now: datetime) -> tuple[Item, Item]:
    """Return the winner with all that was the loser's, and the loser as deleted."""
    own = {each.address for each in winner.emails}
    won = tuple(EmailAddress(each.address) for each in loser.emails if each.address not in own)
    emails = (*winner.emails, *won) if winner.emails else loser.emails
    kept = replace(
        winner,
        emails=emails,
        phones=tuple(dict.fromkeys((*winner.phones, *loser.phones))),
        tags=tuple(dict.fromkeys((*winner.tags, *loser.tags))),
        custom_fields={**loser.custom_fields, **winner.custom_fields},
        organization_id=winner.organization_id or loser.organization_id,
        time_zone=winner.time_zone or loser.time_zone,
        country=winner.country or loser.country,
        do_not_email=winner.do_not_email or loser.do_not_email,
        do_not_call=winner.do_not_call or loser.do_not_call,
        merged=(*winner.merged, loser.ref.id, *loser.merged),
        updated_at=now,
    )
    gone = replace(
        loser,
        status=ItemStatus.DELETED,
        status_before=loser.status,
        merged_into=winner.ref.id,
        deleted_at=now,
        updated_at=now,
    )
    return kept, gone


def problems_of(kept: Item) -> Iterator[Problem]:
    """Yield what the winner would have too much of."""
    for name, count, most in (
        ("emails", len(kept.emails), MOST_IN_A_LIST),
        ("phones", len(kept.phones), MOST_IN_A_LIST),
        ("tags", len(kept.tags), MOST_TAGS),
        ("merged", len(kept.merged), MOST_MERGED),
    ):
        if count > most:
            message = f"Together they have {count} {name}; a person has {most} at most."
            yield Problem(path=f"$.{name}", code="too_many", message=message)
