"""The only place where keys of the table are spelled.

Every partition that belongs to a tenant begins with `t#<tenant>`; only what must be found before
the tenant is known (API tokens, Smart BCC addresses, the platform's switch) does not.
Within an enrollment's partition the sort keys are chosen so that one query reads the head together
with its stored signals: `did#` < `head` < `in#` < `ledger#` < `task#`.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import (
    ApiTokenId,
    BccId,
    DeliveryId,
    DomainName,
    EnrollmentId,
    ItemId,
    MessageKey,
    SequenceId,
    SignalId,
    StepId,
    TaskId,
    TenantId,
    ThreadId,
    UserId,
)
from chalicelib.storage.spelling import digest, instant

HEAD: Final = "head"
SIGNALS: Final = "in#"
HISTORY: Final = "did#"
LEDGER: Final = "ledger#"
TASKS: Final = "task#"
AFTER_SIGNALS: Final = "in#~"

TOKENS: Final = "token#"
DOMAINS: Final = "domain#"
OPEN_ITEMS: Final = "open#"
PERSONS: Final = "person#"
SUPPRESSION: Final = "suppression"

TENANT: Final = "tenant"
USER: Final = "user"
ITEM: Final = "item"
SEQUENCE: Final = "sequence"
SLOT: Final = "slot"
FLOWS: Final = "flow#"
ACTIVE_SEQUENCES: Final = "active_sequences"
THREAD: Final = "thread"
MESSAGES: Final = "message#"
ABSORBED: Final = "absorbed#"
LINKS: Final = "link#"
BCCS: Final = "bcc#"


def tenant(tenant_id: TenantId) -> str:
    """Partition of the tenant's own row, its counters and its settings."""
    return f"t#{tenant_id}"


def user(tenant_id: TenantId, user_id: UserId) -> str:
    """Partition of one user: the user and their consents (`consent#<sequence>`)."""
    return f"t#{tenant_id}#user#{user_id}"


def consent(sequence_id: SequenceId) -> str:
    """Sort key of a consent in its user's partition."""
    return f"consent#{sequence_id}"


def item(tenant_id: TenantId, ref: ItemRef) -> str:
    """Partition of one item: the item, its rotations, its open items when it is a person."""
    return f"t#{tenant_id}#item#{ref.kind}#{ref.id}"


def is_item(pk: str) -> bool:
    """Whether a partition is that of an item."""
    return pk.split("#")[2:3] == ["item"]


def open_item(ref: ItemRef) -> str:
    """Sort key, in a person's partition, of an open lead, deal or project of theirs."""
    return f"open#{ref.kind}#{ref.id}"


def rotation(sequence_id: SequenceId) -> str:
    """Sort key, in an item's partition, of its enrollments in one sequence; never deleted."""
    return f"rotation#{sequence_id}"


def address(tenant_id: TenantId, normalised: str) -> str:
    """Partition of one e-mail address: persons and users who have it, its suppression."""
    return f"t#{tenant_id}#address#{digest(normalised)}"


def sequence(tenant_id: TenantId, sequence_id: SequenceId) -> str:
    """Partition of one sequence: itself, its flow versions, its counters, its figures."""
    return f"t#{tenant_id}#sequence#{sequence_id}"


def flow_version(number: int) -> str:
    """Sort key of a published flow in its sequence's partition."""
    return f"{FLOWS}{number:06d}"


def counter(shard: int) -> str:
    """Sort key of one shard of a sequence's status counts."""
    return f"counts#{shard:02d}"


def figures(step_id: StepId) -> str:
    """Sort key of a step's figures in its sequence's partition."""
    return f"figures#{step_id}"


def tallied(tenant_id: TenantId, event_id: str) -> str:
    """Partition of the mark that a change of the table was tallied."""
    return f"t#{tenant_id}#tallied#{event_id}"


def slot(tenant_id: TenantId, name: str) -> str:
    """Partition of one place, holding the enrollment that has it for itself alone."""
    return f"t#{tenant_id}#slot#{name}"


def enrollment(tenant_id: TenantId, enrollment_id: EnrollmentId) -> str:
    """Partition of one enrollment: history, head, signals, ledger, tasks."""
    return f"t#{tenant_id}#enrollment#{enrollment_id}"


def enrollment_id(
    tenant_id: TenantId, sequence_id: SequenceId, ref: ItemRef, rotation_number: int
) -> EnrollmentId:
    """Name the `rotation_number`-th enrollment of an item in a sequence."""
    return EnrollmentId(digest(tenant_id, sequence_id, ref.kind, ref.id, str(rotation_number)))


def signal(signal_id: SignalId) -> str:
    """Sort key of a stored signal: the same signal twice is one row."""
    return f"{SIGNALS}{signal_id}"


def ledger(step_id: StepId) -> str:
    """Sort key of what was sent, or may have been, at one step."""
    return f"{LEDGER}{step_id}"


def task(step_id: StepId) -> str:
    """Sort key of a Pulse task in its enrollment's partition."""
    return f"{TASKS}{step_id}"


def task_id(enrolled: EnrollmentId, step_id: StepId) -> TaskId:
    """Name the task of one step of one enrollment."""
    return TaskId(f"{enrolled}-{step_id}")


def due_shard(shard: int) -> str:
    """Partition of the due index."""
    return f"due#{shard:03d}"


def due_at(when: datetime, tenant_id: TenantId, enrolled: EnrollmentId, token: int) -> str:
    """Sort key of the due index: reads as a message for `advance`."""
    return f"{instant(when)}#{tenant_id}#{enrolled}#{token}"


def sweep(shard: int) -> str:
    """Partition of the cursor of one shard of the due index; belongs to no tenant."""
    return f"sweep#{shard:03d}"


def thread(tenant_id: TenantId, thread_id: ThreadId) -> str:
    """Partition of one thread: itself, its messages (`message#<date>#<key>`), its rejections."""
    return f"t#{tenant_id}#thread#{thread_id}"


def wire_pointer(tenant_id: TenantId, owner_id: UserId, wire_id: str) -> str:
    """Partition of the pointer from a Message-ID to a thread of one owner."""
    return f"t#{tenant_id}#owner#{owner_id}#wire#{digest(wire_id)}"


def api_token(secret: str) -> str:
    """Partition of an API token, found by the hash of its secret."""
    return f"token#{sha256(secret.encode()).hexdigest()}"


def smart_bcc(local_part: str) -> str:
    """Partition of a Smart BCC address, found by the hash of its local part."""
    return f"bcc#{sha256(local_part.lower().encode()).hexdigest()}"


def token(token_id: ApiTokenId) -> str:
    """Sort key, in the tenant's partition, of one of its API tokens."""
    return f"{TOKENS}{token_id}"


def sending_domain(domain: DomainName) -> str:
    """Sort key, in the tenant's partition, of a domain it sends from."""
    return f"{DOMAINS}{domain}"


def domain_claim(domain: DomainName) -> str:
    """Partition of the claim on a domain: one tenant each, so it belongs to none."""
    return f"domain#{domain}"


def person_at(person_id: ItemId) -> str:
    """Sort key, in an address's partition, of a person who has it."""
    return f"{PERSONS}{person_id}"


def idempotency(tenant_id: TenantId, token_id: ApiTokenId, route: str, key: str) -> str:
    """Partition of what one token's request, sent with a key, was answered."""
    return f"t#{tenant_id}#once#{digest(token_id, route, key)}"


def users_list(tenant_id: TenantId) -> str:
    """List partition of a tenant's users."""
    return f"t#{tenant_id}#list#user"


def items_list(tenant_id: TenantId, kind: ItemKind, shard: int) -> str:
    """List partition of all items of a kind."""
    return f"t#{tenant_id}#list#{kind}#{shard}"


def sequences_list(tenant_id: TenantId) -> str:
    """List partition of a tenant's sequences."""
    return f"t#{tenant_id}#list#sequence"


def enrollments_list(tenant_id: TenantId, sequence_id: SequenceId, shard: int) -> str:
    """List partition of a sequence's enrollments."""
    return f"t#{tenant_id}#list#enrollment#{sequence_id}#{shard}"


def pulse_list(tenant_id: TenantId, user_id: UserId) -> str:
    """List partition of a user's open tasks, by due instant and priority."""
    return f"t#{tenant_id}#list#pulse#{user_id}"


def thread_message(sent_at: datetime, key: MessageKey) -> str:
    """Sort key of a message in its thread's partition: oldest first."""
    return f"{MESSAGES}{instant(sent_at)}#{key}"


def thread_absorbed(absorbed: ThreadId) -> str:
    """Sort key, in a thread's partition, of a thread that merged into it."""
    return f"{ABSORBED}{absorbed}"


def thread_link(ref: ItemRef) -> str:
    """Sort key, in a thread's partition, of the row that lists it under an item."""
    return f"{LINKS}{ref.kind}#{ref.id}"


def new_thread_id(tenant_id: TenantId, owner_id: UserId, of: str, variant: str) -> ThreadId:
    """Name the thread that a message begins: a repeated attempt finds what the first one made."""
    return ThreadId(digest("thread", tenant_id, owner_id, of, variant))


def enrollment_thread_id(enrolled: EnrollmentId) -> ThreadId:
    """Name the thread that an enrollment's mails begin."""
    return ThreadId(digest("enrollment", enrolled))


def message_pointer(tenant_id: TenantId, owner_id: UserId, key: MessageKey, of: str) -> str:
    """Partition of the pointer from a message to its thread in one owner's files."""
    return f"t#{tenant_id}#owner#{owner_id}#message#{key}#{of}"


def delivery(tenant_id: TenantId | None, delivery_id: DeliveryId) -> str:
    """Partition of one delivery; mail that names no tenant is the platform's."""
    return f"{_holder(tenant_id)}#delivery#{delivery_id}"


def deliveries_list(tenant_id: TenantId | None) -> str:
    """List partition of the deliveries that somebody must look at."""
    return f"{_holder(tenant_id)}#list#delivery"


def smart_bcc_address(bcc_id: BccId) -> str:
    """Sort key, in the tenant's partition, of one of its Smart Bcc addresses."""
    return f"{BCCS}{bcc_id}"


def _holder(tenant_id: TenantId | None) -> str:
    return f"t#{tenant_id}" if tenant_id else "platform"
