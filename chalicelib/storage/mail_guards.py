"""Keeps what holds intake within bounds: counts of arrivals, and notices that were sent."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import PutError

from chalicelib.domain.ids import TenantId
from chalicelib.domain.mail.floods import Allowance
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.outages import is_refused
from chalicelib.storage.rows.mail_guards import ArrivalCountRow, NoticeRow

_NOTICE_KEPT_FOR: Final = timedelta(days=30)


class MailGuardStore:
    """The guards of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def is_beyond(self, allowance: Allowance, scope: str, now: datetime) -> bool:
        """Count one more arrival of `scope`, and tell whether that is more than allowed.

        A lost answer may count an arrival twice. That is no harm: the count only guards, and what
        it stops is parked.
        """
        stretch = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % allowance.within
        row = ArrivalCountRow(mail_keys.arrivals(self._tenant_id, scope), spelling.instant(stretch))
        until = int((stretch + 2 * allowance.within).timestamp())
        row.update([ArrivalCountRow.came.add(1), ArrivalCountRow.expires_at.set(until)])
        return int(row.came) > allowance.most

    def claim_notice(self, name: str, now: datetime) -> bool:
        """Take the right to send a notice; false if somebody has sent it.

        Claimed before it is sent: a notice that is lost in a crash is missed, for what it tells of
        is listed; one that is sent again and again is a flood of our own making.
        """
        row = NoticeRow(
            mail_keys.notice(self._tenant_id, name),
            keys.HEAD,
            at=spelling.instant(now),
            expires_at=int((now + _NOTICE_KEPT_FOR).timestamp()),
        )
        try:
            row.save(condition=NoticeRow.pk.does_not_exist())
        except PutError as error:
            if not is_refused(error):
                raise
            return False
        return True
