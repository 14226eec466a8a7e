"""Places for tests: a table, a bucket and queues on moto; and doubles of the outside.

Things are made by `tests/builders.py`. moto is for one thread only: it loses updates of several.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import boto3
import pytest
from moto import mock_aws

from chalicelib.entry import auth, lines, settings, throttle, wiring
from chalicelib.entry.observability import metrics
from chalicelib.entry.settings import QUEUE_NAMES
from chalicelib.services import doubts, intake_lag
from chalicelib.storage import house_rules, sequences
from chalicelib.storage.rows.base import Row
from chalicelib.storage.stores import Stores
from tests import hypothesis_profiles, quick_botocore  # noqa: F401 - for their effects
from tests.builders import OTHER_TENANT, TENANT
from tests.doubles import Doubles
from tests.emulator import ministack

# Far from UTC and three quarters of an hour off it: whoever reads a local time shows it at once.
os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()

REGION: Final = "eu-central-1"
BUCKET: Final = "sekvens-test-mail"
ENVIRONMENT: Final = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "STAGE": "test",
    "TABLE_NAME": "sekvens-test",
    "MAIL_BUCKET": BUCKET,
    "INBOUND_DOMAIN": "in.sekvens.test",
    "CONFIGURATION_SET": "sekvens-test",
    "NOTICES_SET": "sekvens-test-notices",
    "PUBLIC_URL": "https://api.sekvens.test",
    "DUE_SHARDS": "4",
    "MAC_KEYS": "a:a-key-for-tests,b:an-older-key-for-tests",
    **{
        f"{name.upper()}_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/123456789012/{name}"
        for name in QUEUE_NAMES
    },
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what the deployment says of itself, and forget what a process remembers."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("CLOCK_LEAD_FILE", raising=False)
    forget()
    yield
    forget()


def make_table_and_bucket() -> None:
    """Make what the rows define, and where bytes are kept."""
    Row.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    boto3.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )


@pytest.fixture
def table(environment: None) -> Iterator[None]:
    """Put up the table, the bucket and the queues."""
    with mock_aws():
        wiring.stores_for(TENANT)  # names the table
        make_table_and_bucket()
        sqs = boto3.client("sqs")
        for name in QUEUE_NAMES:
            sqs.create_queue(QueueName=name)
        yield


@pytest.fixture
def stores(table: None) -> Stores:
    """Return the stores of the tenant that tests are about."""
    return wiring.stores_for(TENANT)


@pytest.fixture
def shared_stores(
    environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Stores]:
    """Return stores that several threads may use at once: table and bucket stand on ministack."""
    with ministack(tmp_path) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        forget()
        stores = wiring.stores_for(TENANT)
        make_table_and_bucket()
        yield stores
    forget()


@pytest.fixture
def others_stores(table: None) -> Stores:
    """Return the stores of another tenant, who must see nothing."""
    return wiring.stores_for(OTHER_TENANT)


@pytest.fixture
def doubles() -> Doubles:
    """Return a clock that stands still, and whatever else keeps what it is given."""
    return Doubles()


def forget() -> None:
    """Empty every cache of the process, as a cold start would."""
    settings.settings.cache_clear()
    for each in (*vars(lines).values(), *vars(wiring).values()):
        if hasattr(each, "cache_clear"):
            each.cache_clear()
    Row._connection = None
    forget_what_was_read()


def forget_what_was_read() -> None:
    """Empty the caches of what was read, and keep the clients it was read by."""
    metrics.clear_metrics()
    auth.opened_by_digest.cache_clear()
    throttle.held_by_token.cache_clear()
    sequences._published.cache_clear()
    house_rules._read.cache_clear()
    intake_lag.forget()
    doubts.forget()
