"""Chooses stores and gateways for one request or one message."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chalicelib.domain.ids import TenantId
from chalicelib.entry.settings import settings
from chalicelib.gateways.clock import Clock, LeadingClock, SystemClock
from chalicelib.storage.stores import Stores
from chalicelib.storage.table import use_table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client

    from chalicelib.gateways.identities import Identities
    from chalicelib.gateways.mailer import SesMailer
    from chalicelib.gateways.outside import Outside
    from chalicelib.gateways.ses_tenants import SesTenants
    from chalicelib.services.mailroom import Mailroom
    from chalicelib.storage.archive import EventArchive
    from chalicelib.storage.tokens import TokenDirectory

# The lease must outlast a function's time-out plus these (architecture, section 4).
SES_CONNECT_TIMEOUT_S = 3
SES_READ_TIMEOUT_S = 10


def stores_for(tenant_id: TenantId) -> Stores:
    """Return the stores of one tenant."""
    point_at_table()
    known = settings()
    return Stores(tenant_id, bucket=known.mail_bucket, s3=s3(), due_shards=known.due_shards)


def tokens() -> "TokenDirectory":
    """Return where a token is found before its tenant is known."""
    from chalicelib.storage.tokens import TokenDirectory  # noqa: PLC0415 - HTTP doors alone ask

    point_at_table()
    return TokenDirectory()


@cache
def outside() -> "Outside":
    """Return the gateways of this deployment."""
    from chalicelib.entry.lines import queues  # noqa: PLC0415 - the night's round asks nobody
    from chalicelib.gateways.mint import RandomMint  # noqa: PLC0415 - as above
    from chalicelib.gateways.outside import Outside  # noqa: PLC0415 - as above

    known = settings()
    return Outside(
        clock=clock(),
        mint=RandomMint(),
        mailer=_mailer(known.configuration_set),
        notifier=_mailer(known.notices_set),
        queues=queues(),
        mac_keys=known.mac_keys,
        inbound_domain=known.inbound_domain,
        public_url=known.public_url,
    )


def _mailer(configuration_set: str) -> "SesMailer":
    from chalicelib.gateways.mailer import SesMailer  # noqa: PLC0415 - as above

    known = settings()
    return SesMailer(
        _ses(),
        configuration_set=configuration_set,
        region=known.region,
        every_ms=known.send_every_ms,
        has_tenants=bool(known.ses_tenants_arn),
    )


@cache
def _ses() -> "SESV2Client":
    """Return the client for mail: what it does not do at once, it does not do again."""
    return boto3.client(
        "sesv2",
        config=Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=SES_CONNECT_TIMEOUT_S,
            read_timeout=SES_READ_TIMEOUT_S,
        ),
    )


@cache
def _ses_accounts() -> "SESV2Client":
    """Return the client for what may be done again: identities and tenants."""
    return boto3.client("sesv2")


@cache
def identities() -> "Identities":
    """Return who proves domains."""
    from chalicelib.gateways.identities import SesIdentities  # noqa: PLC0415 - few doors ask

    return SesIdentities(_ses_accounts())


@cache
def ses_tenants() -> "SesTenants":
    """Return who gives our tenants tenants of SES, where the deployment has them."""
    from chalicelib.gateways.ses_tenants import NoSesTenants, OwnSesTenants  # noqa: PLC0415 - few doors ask

    known = settings()
    if not known.ses_tenants_arn:
        return NoSesTenants()
    return OwnSesTenants(
        _ses_accounts(),
        arn=known.ses_tenants_arn,
        configuration_set=known.configuration_set,
    )


@cache
def clock() -> Clock:
    """Return the world's clock, or on a laptop the one that can lead it."""
    lead_file = settings().clock_lead_file
    return LeadingClock(lead_file) if lead_file else SystemClock()


def archive() -> "EventArchive":
    """Return where every event of SES is kept."""
    from chalicelib.storage.archive import EventArchive  # noqa: PLC0415 - feedback alone keeps them

    return EventArchive(bucket=settings().mail_bucket, s3=s3())


def mailroom() -> "Mailroom":
    """Return where mail lies before its tenant is known."""
    from chalicelib.services.mailroom import Mailroom  # noqa: PLC0415 - only intake reads mail
    from chalicelib.storage.deliveries import DeliveryStore  # noqa: PLC0415 - as above
    from chalicelib.storage.raw_mail import RawMail  # noqa: PLC0415 - as above
    from chalicelib.storage.smart_bcc import SmartBccDirectory  # noqa: PLC0415 - as above

    point_at_table()
    return Mailroom(
        raw=RawMail(bucket=settings().mail_bucket, s3=s3()),
        directory=SmartBccDirectory(),
        unroutable=DeliveryStore(None),
        stores_for=stores_for,
    )


@cache
def s3() -> "S3Client":
    """Return the client for bytes."""
    return boto3.client("s3")


@cache
def point_at_table() -> None:
    """Name the table, once a process."""
    use_table(settings().table_name)
