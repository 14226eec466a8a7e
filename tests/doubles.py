"""What stands in for the outside in tests: it keeps what it was given."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.ids import TenantId
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import Due
from tests.builders import NOW


@dataclass(slots=True)
class FrozenClock:
    """Stands still until it is told to move."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> None:
        self.instant += by


@dataclass(slots=True)
class CountingMint:
    """Makes ids and secrets that a test can write down beforehand."""

    made: int = 0

    def new_id(self, now: datetime) -> str:
        self.made += 1
        return f"{self.made:026d}"

    def secret(self, characters: int) -> str:
        self.made += 1
        return f"{self.made:x}".replace("0", "g").replace("1", "h").rjust(characters, "a")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    mime: bytes
    sender: str
    recipients: list[str]
    tags: dict[str, str]
    ses_id: str
    tenant: str | None = None


@dataclass(slots=True)
class RecordingMailer:
    """Takes every mail; raises what a test puts into `failures` first, one for each call."""

    sent: list[SentMail] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    on_send: Callable[[], None] = lambda: None
    """What happens when a mail has left, before its sender hears of it."""

    def send(
        self,
        *,
        mime: bytes,
        sender: str,
        recipients: list[str],
        tags: Mapping[str, str],
        tenant: str | None = None,
    ) -> str:
        if self.failures:
            raise self.failures.pop(0)
        ses_id = f"ses-{len(self.sent) + 1}"
        mail = SentMail(
            mime=mime,
            sender=sender,
            recipients=recipients,
            tags=dict(tags),
            ses_id=ses_id,
            tenant=tenant,
        )
        self.sent.append(mail)
        self.on_send()
        return ses_id

    def wire_id(self, ses_id: str) -> str:
        return f"{ses_id}@eu-central-1.amazonses.com"


@dataclass(slots=True)
class RecordingQueues:
    """Keeps what was handed on."""

    dues: list[Due] = field(default_factory=list)
    bodies_by_queue: dict[str, list[str]] = field(default_factory=dict)
    groups: list[tuple[str, TenantId | None]] = field(default_factory=list)
    """Which queue was handed something, and as whose."""

    def send_due(self, dues: Collection[Due]) -> None:
        self.dues.extend(dues)

    def send(
        self, queue: str, bodies: Collection[str], *, tenant_id: TenantId | None = None
    ) -> None:
        self.groups.append((queue, tenant_id))
        self.bodies_by_queue.setdefault(queue, []).extend(bodies)

    def waiting(self, queue: str) -> int:
        return len(self.bodies_by_queue.get(queue, []))

    def held(self, queue: str) -> int:
        return self.waiting(queue)


@dataclass(slots=True)
class Doubles:
    """All doubles at once, and the `Outside` made of them."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    mint: CountingMint = field(default_factory=CountingMint)
    mailer: RecordingMailer = field(default_factory=RecordingMailer)
    notifier: RecordingMailer = field(default_factory=RecordingMailer)
    queues: RecordingQueues = field(default_factory=RecordingQueues)

    @property
    def outside(self) -> Outside:
        return Outside(
            clock=self.clock,
            mint=self.mint,
            mailer=self.mailer,
            notifier=self.notifier,
            queues=self.queues,
            mac_keys=(("a", b"a-key-for-tests"),),
            inbound_domain="in.sekvens.test",
            public_url="https://api.sekvens.test",
        )
