"""All that is kept for one tenant, in one hand; it cannot spell another tenant's key."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.storage.mail_stores import MailStores

if TYPE_CHECKING:
    from chalicelib.storage.ab_tests import AbTestStore
    from chalicelib.storage.addresses import AddressStore
    from chalicelib.storage.audits import AuditStore
    from chalicelib.storage.automations import AutomationStore
    from chalicelib.storage.budgets import BudgetStore
    from chalicelib.storage.consents import ConsentStore
    from chalicelib.storage.counts import CountStore
    from chalicelib.storage.custom_fields import CustomFieldStore
    from chalicelib.storage.domains import DomainStore
    from chalicelib.storage.email_templates import EmailTemplateStore
    from chalicelib.storage.enrollments import EnrollmentStore
    from chalicelib.storage.erasing import ErasureStore
    from chalicelib.storage.figures import FigureStore
    from chalicelib.storage.gate_reads import GateStore
    from chalicelib.storage.house_rules import HouseRuleStore
    from chalicelib.storage.idempotency import IdempotencyStore
    from chalicelib.storage.item_lists import ItemListStore
    from chalicelib.storage.items import ItemStore
    from chalicelib.storage.job_files import JobFiles
    from chalicelib.storage.jobs import JobStore
    from chalicelib.storage.ledger import LedgerStore
    from chalicelib.storage.outgoing import OutgoingStore
    from chalicelib.storage.permits import PermitStore
    from chalicelib.storage.sequence_templates import OwnTemplateStore
    from chalicelib.storage.sequences import SequenceStore
    from chalicelib.storage.tasks import TaskStore
    from chalicelib.storage.tenants import TenantStore
    from chalicelib.storage.tokens import TokenStore
    from chalicelib.storage.users import UserStore
    from chalicelib.storage.webhooks import WebhookStore


class Stores(MailStores):
    """The stores of one tenant, each made when first asked for."""

    # Each store is a `cached_property` that imports its module: a door loads only what it uses.

    @cached_property
    def sequences(self) -> "SequenceStore":
        """Sequences and their published flows."""
        from chalicelib.storage.sequences import SequenceStore  # noqa: PLC0415

        return SequenceStore(self.tenant_id)

    @cached_property
    def ab_tests(self) -> "AbTestStore":
        """How A/B tests ended."""
        from chalicelib.storage.ab_tests import AbTestStore  # noqa: PLC0415

        return AbTestStore(self.tenant_id)

    @cached_property
    def sequence_templates(self) -> "OwnTemplateStore":
        """The tenant's own sequence templates."""
        from chalicelib.storage.sequence_templates import OwnTemplateStore  # noqa: PLC0415

        return OwnTemplateStore(self.tenant_id)

    @cached_property
    def automations(self) -> "AutomationStore":
        """Rules that enroll by themselves."""
        from chalicelib.storage.automations import AutomationStore  # noqa: PLC0415

        return AutomationStore(self.tenant_id)

    @cached_property
    def webhooks(self) -> "WebhookStore":
        """Who listens elsewhere, and what is on its way there."""
        from chalicelib.storage.webhooks import WebhookStore  # noqa: PLC0415

        return WebhookStore(self.tenant_id)

    @cached_property
    def consents(self) -> "ConsentStore":
        """Who lets the product send in their name."""
        from chalicelib.storage.consents import ConsentStore  # noqa: PLC0415

        return ConsentStore(self.tenant_id)

    @cached_property
    def tenant(self) -> "TenantStore":
        """The tenant itself."""
        from chalicelib.storage.tenants import TenantStore  # noqa: PLC0415

        return TenantStore(self.tenant_id)

    @cached_property
    def users(self) -> "UserStore":
        """The people who work at the tenant."""
        from chalicelib.storage.users import UserStore  # noqa: PLC0415

        return UserStore(self.tenant_id)

    @cached_property
    def items(self) -> "ItemStore":
        """Leads, deals, persons, organizations, projects and products."""
        from chalicelib.storage.items import ItemStore  # noqa: PLC0415

        return ItemStore(self.tenant_id)

    @cached_property
    def item_lists(self) -> "ItemListStore":
        """Items by any filter, in any order."""
        from chalicelib.storage.item_lists import ItemListStore  # noqa: PLC0415

        return ItemListStore(tenant_id=self.tenant_id)

    @cached_property
    def custom_fields(self) -> "CustomFieldStore":
        """The tenant's own fields of items."""
        from chalicelib.storage.custom_fields import CustomFieldStore  # noqa: PLC0415

        return CustomFieldStore(self.tenant_id)

    @cached_property
    def addresses(self) -> "AddressStore":
        """Addresses that must not be mailed."""
        from chalicelib.storage.addresses import AddressStore  # noqa: PLC0415

        return AddressStore(self.tenant_id)

    @cached_property
    def domains(self) -> "DomainStore":
        """Domains that the tenant sends from."""
        from chalicelib.storage.domains import DomainStore  # noqa: PLC0415

        return DomainStore(self.tenant_id)

    @cached_property
    def email_templates(self) -> "EmailTemplateStore":
        """Ready-made mails."""
        from chalicelib.storage.email_templates import EmailTemplateStore  # noqa: PLC0415

        return EmailTemplateStore(self.tenant_id)

    @cached_property
    def idempotency(self) -> "IdempotencyStore":
        """Requests sent with an Idempotency-Key, and their answers."""
        from chalicelib.storage.idempotency import IdempotencyStore  # noqa: PLC0415

        return IdempotencyStore(self.tenant_id)

    @cached_property
    def permits(self) -> "PermitStore":
        """How much tokens have asked for."""
        from chalicelib.storage.permits import PermitStore  # noqa: PLC0415

        return PermitStore(self.tenant_id)

    @cached_property
    def tokens(self) -> "TokenStore":
        """API tokens."""
        from chalicelib.storage.tokens import TokenStore  # noqa: PLC0415

        return TokenStore(self.tenant_id)

    @cached_property
    def enrollments(self) -> "EnrollmentStore":
        """Enrollments with their signals, slots and history."""
        from chalicelib.storage.enrollments import EnrollmentStore  # noqa: PLC0415

        return EnrollmentStore(self.tenant_id, due_shards=self._due_shards)

    @cached_property
    def tasks(self) -> "TaskStore":
        """The Pulse feeds."""
        from chalicelib.storage.tasks import TaskStore  # noqa: PLC0415

        return TaskStore(self.tenant_id)

    @cached_property
    def ledger(self) -> "LedgerStore":
        """What was sent, or may have been."""
        from chalicelib.storage.ledger import LedgerStore  # noqa: PLC0415

        return LedgerStore(self.tenant_id)

    @cached_property
    def counts(self) -> "CountStore":
        """The status counts of sequences."""
        from chalicelib.storage.counts import CountStore  # noqa: PLC0415

        return CountStore(self.tenant_id)

    @cached_property
    def outgoing(self) -> "OutgoingStore":
        """Rendered mails, kept before they are sent."""
        from chalicelib.storage.outgoing import OutgoingStore  # noqa: PLC0415

        return OutgoingStore(self.tenant_id, bucket=self._bucket, s3=self._s3)

    @cached_property
    def figures(self) -> "FigureStore":
        """The figures of every step."""
        from chalicelib.storage.figures import FigureStore  # noqa: PLC0415

        return FigureStore(self.tenant_id)

    @cached_property
    def audits(self) -> "AuditStore":
        """Who changed what."""
        from chalicelib.storage.audits import AuditStore  # noqa: PLC0415

        return AuditStore(self.tenant_id)

    @cached_property
    def erasures(self) -> "ErasureStore":
        """What takes persons out of files and rows."""
        from chalicelib.storage.erasing import ErasureStore  # noqa: PLC0415

        return ErasureStore(self.tenant_id, bucket=self._bucket, s3=self._s3)

    @cached_property
    def jobs(self) -> "JobStore":
        """Long work with its results."""
        from chalicelib.storage.jobs import JobStore  # noqa: PLC0415

        return JobStore(self.tenant_id)

    @cached_property
    def job_files(self) -> "JobFiles":
        """What jobs were given and what they made, as files."""
        from chalicelib.storage.job_files import JobFiles  # noqa: PLC0415

        return JobFiles(self.tenant_id, bucket=self._bucket, s3=self._s3)

    @cached_property
    def house_rules(self) -> "HouseRuleStore":
        """What plans ask of the tenant and of a sender."""
        from chalicelib.storage.house_rules import HouseRuleStore  # noqa: PLC0415

        return HouseRuleStore(self.tenant_id)

    @cached_property
    def budgets(self) -> "BudgetStore":
        """How many mails and new enrollments each day has seen."""
        from chalicelib.storage.budgets import BudgetStore  # noqa: PLC0415

        return BudgetStore(self.tenant_id)

    @cached_property
    def gates(self) -> "GateStore":
        """What must hold before a mail leaves."""
        from chalicelib.storage.gate_reads import GateStore  # noqa: PLC0415

        return GateStore(self.tenant_id)
