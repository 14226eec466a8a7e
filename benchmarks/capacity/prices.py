"""List prices and assumptions of the capacity page: change one, and the page is computed anew."""

from dataclasses import dataclass
from typing import Final

REGION: Final = "us-east-1"
AS_OF: Final = "as listed in 2025, without free tiers and discounts"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for so many of something."""

    what: str
    dollars: float
    per: float
    unit: str

    def of(self, amount: float) -> float:
        """Return what an amount costs."""
        return amount / self.per * self.dollars


_MILLION: Final = 1e6
WRITES: Final = Price("DynamoDB, write request units", 0.625, _MILLION, "million")
READS: Final = Price("DynamoDB, read request units", 0.125, _MILLION, "million")
KEPT: Final = Price("DynamoDB, storage", 0.25, 1, "GB and month")
RESTORABLE: Final = Price("DynamoDB, point-in-time recovery", 0.20, 1, "GB and month")
CALLS: Final = Price("Lambda, calls", 0.20, _MILLION, "million")
GB_SECONDS: Final = Price("Lambda, memory and time (x86)", 16.6667, _MILLION, "million GB-seconds")
QUEUED: Final = Price("SQS, requests to standard queues", 0.40, _MILLION, "million")
TOLD: Final = Price("SNS, events of SES", 0.50, _MILLION, "million")
MAILS: Final = Price("SES, mails sent", 0.10, 1e3, "thousand")
PUTS: Final = Price("S3, PUT requests", 0.005, 1e3, "thousand")
OBJECTS: Final = Price("S3, storage", 0.023, 1, "GB and month")
LOGGED: Final = Price("CloudWatch, logs and figures taken in", 0.50, 1, "GB")
ASKED: Final = Price("API Gateway, REST requests", 3.50, _MILLION, "million")

PRICES: Final = (
    WRITES,
    READS,
    KEPT,
    RESTORABLE,
    CALLS,
    GB_SECONDS,
    QUEUED,
    TOLD,
    MAILS,
    PUTS,
    OBJECTS,
    LOGGED,
    ASKED,
)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that nobody measured, and why it is that."""

    value: float
    what: str


MONTH_HOURS: Final = Assumption(730, "hours in a month")
BUSY_HOURS: Final = Assumption(176, "of these, hours in which work falls due: 22 days of 8")
PEAK: Final = Assumption(2, "times the average of those hours falls due in the busiest minute")
CALL_MS: Final = Assumption(8, "ms a request to AWS takes (SES and S3 more, DynamoDB less)")
ONE_CPU_MB: Final = Assumption(1769, "MB of Lambda memory that have one CPU")
API_REQUESTS: Final = Assumption(15, "requests of people to the API for one enrollment")
API_MS: Final = Assumption(40, "ms each of them takes")
KEPT_MONTHS: Final = Assumption(12, "months that everything is kept")
MAIL_KB: Final = Assumption(10, "KB of a mail and its events in S3")
LOG_KB: Final = Assumption(1, "KB logged by a call")
POLLS: Final = Assumption(15, "empty polls of a queue in a minute (five pollers, 20 s each)")
QUEUES: Final = Assumption(9, "queues that are polled")
BIGGEST: Final = Assumption(0.1, "of all enrollments are in the busiest single sequence")

ASSUMPTIONS: Final = (
    MONTH_HOURS,
    BUSY_HOURS,
    PEAK,
    CALL_MS,
    ONE_CPU_MB,
    API_REQUESTS,
    API_MS,
    KEPT_MONTHS,
    MAIL_KB,
    LOG_KB,
    POLLS,
    QUEUES,
    BIGGEST,
)

FILL_BY_SIZE: Final = {1_000: 1.0, 1_000_000: 5.0, 100_000_000: 10.0}
"""Enrollments begun in a month → messages that a call of a function finds together (of ten)."""
