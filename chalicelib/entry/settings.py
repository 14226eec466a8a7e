"""What the deployment says of itself; the only reader of the environment."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

QUEUE_NAMES: Final = (
    "sweep",
    "due",
    "feedback",
    "intake",
    "tally",
    "bulk",
    "automate",
    "webhook",
    "call",
)
"""Plain names of the queues; their URLs stand in `<NAME>_QUEUE_URL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment: names of its resources, its keys, and the clock's lead on a laptop."""

    stage: str
    region: str
    table_name: str
    mail_bucket: str
    queue_url_by_name: dict[str, str]
    inbound_domain: str
    configuration_set: str
    """What the mails of sequences are sent by, and told of."""
    ses_tenants_arn: str
    """How names of SES resources begin, if each tenant has a tenant of SES; else empty."""
    notices_set: str
    """What our own mails to users are sent by: a tenant's complaints must not stop them."""
    public_url: str
    due_shards: int
    due_per_tick: int | None
    """How many enrollments the workers can take in a minute; None: hand on all that are due."""
    due_spread_s: int
    """Over how many seconds what falls due in a minute is spread."""
    send_every_ms: int
    """How long a worker waits between mails, so that all of them stay below SES's rate."""
    requests_per_minute: int
    """Of one API token; 0: as many as it likes."""
    mac_keys: tuple[tuple[str, bytes], ...]
    """(key id, key), newest first: the first signs, all verify."""
    clock_lead_file: Path | None
    is_loopback_called: bool
    """Whether webhooks may be on this machine: on a laptop, where there is nobody else."""


def function_called() -> str | None:
    """Return which function of `app.py` Lambda calls in this process; None where it is not Lambda.

    Lambda says so itself, by the handler it is configured with (`app.due_enrollments`).
    """
    return os.environ.get("_HANDLER", "").removeprefix("app.") or None


@cache
def settings() -> Settings:
    """Read the environment once; a missing name stops the function at its start."""
    env = os.environ
    lead_file = env.get("CLOCK_LEAD_FILE")
    return Settings(
        stage=env["STAGE"],
        region=env["AWS_REGION"],
        table_name=env["TABLE_NAME"],
        mail_bucket=env["MAIL_BUCKET"],
        queue_url_by_name={name: env[f"{name.upper()}_QUEUE_URL"] for name in QUEUE_NAMES},
        inbound_domain=env["INBOUND_DOMAIN"],
        configuration_set=env["CONFIGURATION_SET"],
        ses_tenants_arn=env.get("SES_TENANTS_ARN", ""),
        notices_set=env["NOTICES_SET"],
        public_url=env["PUBLIC_URL"],
        due_shards=int(env.get("DUE_SHARDS", "16")),
        due_per_tick=int(env.get("DUE_PER_TICK", "0")) or None,
        due_spread_s=int(env.get("DUE_SPREAD_S", "0")),
        send_every_ms=int(env.get("SEND_EVERY_MS", "0")),
        requests_per_minute=int(env.get("REQUESTS_PER_MINUTE", "3000")),
        mac_keys=_keys(env["MAC_KEYS"]),
        clock_lead_file=Path(lead_file) if lead_file else None,
        is_loopback_called=env.get("WEBHOOKS_TO_LOOPBACK") == "yes",
    )


def _keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """Read `a:<secret>,b:<secret>`; the id is one character, the newest key comes first."""
    pairs = (part.split(":", 1) for part in text.split(","))
    return tuple((key_id, secret.encode()) for key_id, secret in pairs)
