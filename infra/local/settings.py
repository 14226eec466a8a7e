"""How one local stack is told apart from another: its ports, its folder, and the names in it."""

import os
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib.entry.settings import QUEUE_NAMES

HOST: Final = "127.0.0.1"
REGION: Final = "eu-north-1"
ACCOUNT: Final = "000000000000"
STAGE: Final = "local"
PREFIX: Final = "sekvens-local"

TABLE: Final = PREFIX
BUCKET: Final = f"{PREFIX}-mail"
CONFIGURATION_SET: Final = PREFIX
NOTICES_SET: Final = f"{PREFIX}-notices"
INBOUND_TOPIC: Final = f"{PREFIX}-inbound"
EVENTS_TOPIC: Final = f"{PREFIX}-events"
INBOUND_DOMAIN: Final = "in.sekvens.test"
DUE_SHARDS: Final = 16

PROJECT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """What the command line and the environment said."""

    port: int
    smtp_port: int
    aws_port: int
    data: Path
    app: Path
    save_every_s: float = 10.0

    @property
    def base_url(self) -> str:
        """Where the API answers."""
        return f"http://{HOST}:{self.port}"

    @property
    def aws_url(self) -> str:
        """Where ministack answers; S3 would put a bucket before `localhost`."""
        return f"http://{HOST}:{self.aws_port}"

    @property
    def lead_file(self) -> Path:
        """The clock's lead in seconds, as `gateways/clock.py` reads it."""
        return self.data / "clock-lead"

    @property
    def credentials_file(self) -> Path:
        """What a program needs to use the stack."""
        return self.data / "credentials.json"


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[str, LocalSettings]:
    """Read command and settings; an option beats its variable."""
    parser = _parser(environment)
    given = parser.parse_args(arguments)
    return given.command, LocalSettings(
        port=given.port,
        smtp_port=given.smtp_port,
        aws_port=given.aws_port,
        data=given.data.resolve(),
        app=given.app.resolve(),
        save_every_s=given.save_every,
    )


def environment_for(settings: LocalSettings, *, mac_keys: str) -> dict[str, str]:
    """Return what the functions find in their environment; names as in `infra/resources.yaml`."""
    queue_urls = {
        f"{name.upper()}_QUEUE_URL": queue_url(settings, queue_name(name)) for name in QUEUE_NAMES
    }
    return {
        "STAGE": STAGE,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": settings.aws_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "TABLE_NAME": TABLE,
        "MAIL_BUCKET": BUCKET,
        "INBOUND_DOMAIN": INBOUND_DOMAIN,
        "CONFIGURATION_SET": CONFIGURATION_SET,
        "NOTICES_SET": NOTICES_SET,
        "PUBLIC_URL": settings.base_url,
        "DUE_SHARDS": str(DUE_SHARDS),
        "REQUESTS_PER_MINUTE": "600000",
        "MAC_KEYS": mac_keys,
        "CLOCK_LEAD_FILE": str(settings.lead_file),
        "WEBHOOKS_TO_LOOPBACK": "yes",
        "POWERTOOLS_METRICS_NAMESPACE": "Sekvens",
        "POWERTOOLS_METRICS_DISABLED": "true",
        "POWERTOOLS_TRACE_DISABLED": "true",
        **queue_urls,
    }


def queue_name(plain: str) -> str:
    """Return a queue's name on this machine."""
    return f"{PREFIX}-{plain}"


def queue_url(settings: LocalSettings, name: str) -> str:
    """Return a queue's address on this machine."""
    return f"{settings.aws_url}/{ACCOUNT}/{name}"


def topic_arn(name: str) -> str:
    """Return a topic's ARN on this machine."""
    return f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"


def queue_arn(name: str) -> str:
    """Return a queue's ARN on this machine."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def _parser(environment: Mapping[str, str]) -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m infra.local",
        description="Run Sekvens whole on this machine; Ctrl-C stops everything.",
        epilog="Every option can also be set as a variable, such as SEKVENS_PORT=8001.",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=("run", "doctor", "redrive"),
        default="run",
        help="run (default); doctor: what is stuck in the running stack, and what to do; "
        "redrive: give what is in its dead-letter queues another try",
    )

    def option(
        name: str, default: str, kind: type[int] | type[float] | type[Path], said: str
    ) -> None:
        variable = "SEKVENS_" + name.removeprefix("--").replace("-", "_").upper()
        # argparse reads a default that is text as if it had been given, refusals included.
        value = environment.get(variable, default)
        parser.add_argument(name, type=kind, default=value, help=f"{said} (default {value})")

    option("--port", "8000", int, "HTTP port of the API")
    option("--smtp-port", "2525", int, "port that takes mail")
    option("--aws-port", "4566", int, "port of the AWS emulator")
    option("--data", ".local", Path, "folder that keeps everything")
    option("--app", str(PROJECT), Path, "folder of app.py")
    option("--save-every", "10", float, "seconds between saves of changed state")
    return parser


def read_environment() -> dict[str, str]:
    """Return this process's environment."""
    return dict(os.environ)


def enter(environment: Mapping[str, str]) -> None:
    """Make this process's environment that of a function: nothing of a developer's AWS gets in."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    # What runs here is reached directly, whatever a company's network asks for.
    no_proxy = ",".join(filter(None, (os.environ.get("NO_PROXY"), HOST)))
    os.environ.update({**environment, "NO_PROXY": no_proxy, "no_proxy": no_proxy})
