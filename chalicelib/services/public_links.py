"""Links that go into mails: each leads to a page that does one thing for whoever holds it."""

from chalicelib.domain.ids import EnrollmentId
from chalicelib.domain.mail.public_tokens import format_unsubscribe
from chalicelib.services.decisions import Bench


def unsubscribe_url(enrollment_id: EnrollmentId, address: str, *, bench: Bench) -> str:
    """Return where a mail program, or a person, ends an enrollment's mail to an address."""
    outside = bench.outside
    token = format_unsubscribe(
        bench.stores.tenant_id, enrollment_id, address, keys=outside.mac_keys
    )
    return f"{outside.public_url}/u/{token}"
