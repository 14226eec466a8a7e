"""Which ready-made sequences there are, in the order in which people are shown them."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.sequences.ready_made import (
    account_renewal,
    contact_no_show,
    event_invite,
    high_volume_prospecting,
    product_demo,
    webinar_follow_up,
)
from chalicelib.domain.sequences.ready_made.words.danish import DANISH
from chalicelib.domain.sequences.ready_made.words.german import GERMAN
from chalicelib.domain.sequences.ready_made.words.norwegian import NORWEGIAN
from chalicelib.domain.sequences.ready_made.words.polish import POLISH
from chalicelib.domain.sequences.ready_made.words.swedish import SWEDISH
from chalicelib.domain.sequences.templates import SequenceTemplate

READY_MADE: Final[tuple[SequenceTemplate, ...]] = tuple(
    replace(each, translations=(SWEDISH, NORWEGIAN, DANISH, POLISH, GERMAN))
    for each in (
        contact_no_show.TEMPLATE,
        high_volume_prospecting.TEMPLATE,
        event_invite.TEMPLATE,
        product_demo.TEMPLATE,
        account_renewal.TEMPLATE,
        webinar_follow_up.TEMPLATE,
    )
)


def find_template(key: str) -> SequenceTemplate | None:
    """Return the template with this key, if there is one."""
    return next((each for each in READY_MADE if each.key == key), None)
