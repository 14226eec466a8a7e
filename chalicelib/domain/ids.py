"""One type per identifier, so that no id is ever handed over in another's place."""

from typing import NewType

TenantId = NewType("TenantId", str)
"""Ten lower-case base32 characters; stands inside Reply-To tokens."""
UserId = NewType("UserId", str)
ItemId = NewType("ItemId", str)
SequenceId = NewType("SequenceId", str)
StepId = NewType("StepId", str)
"""Stable inside one sequence: `[a-z0-9_]{1,32}`."""
EnrollmentId = NewType("EnrollmentId", str)
"""26 base32 characters: a digest of tenant, sequence, item and rotation."""
TaskId = NewType("TaskId", str)
"""One entry of the Pulse feed."""
SignalId = NewType("SignalId", str)
"""Names what happened, so that hearing of it twice changes nothing."""
ThreadId = NewType("ThreadId", str)
MessageKey = NewType("MessageKey", str)
"""Our id of a message; the Message-ID on the wire is a `WireId`."""
WireId = NewType("WireId", str)
"""A Message-ID as it stands on the wire, without angle brackets."""
DeliveryId = NewType("DeliveryId", str)
"""One arrival of one message at one envelope recipient."""
BccId = NewType("BccId", str)
ApiTokenId = NewType("ApiTokenId", str)
JobId = NewType("JobId", str)
DomainName = NewType("DomainName", str)
EmailTemplateId = NewType("EmailTemplateId", str)
SuppressionId = NewType("SuppressionId", str)
"""Names a suppressed address; the address itself would not fit into every path."""
AutomationId = NewType("AutomationId", str)
WebhookId = NewType("WebhookId", str)
