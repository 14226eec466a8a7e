"""The stories of `stories.py` told through the doors a customer has: HTTP, mail, time that passes.

As in `test_templates`, a seller works each step an hour after it appears, and whoever answers a
mail does so two hours after it; here the answer is a mail that comes in by SMTP, to the address the
outgoing mail says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any, Final

from infra.local.demo.person import Person, people, post_mail
from infra.local.stack import Stack

SOON: Final = timedelta(minutes=1)
OVER: Final = frozenset({"completed", "exited", "failed"})
MOST_TURNS: Final = 80
KIND: Final = {
    "contact_no_show": "person",
    "event_invite": "person",
    "product_demo": "deal",
    "account_renewal": "organization",
    "webinar_follow_up": "lead",
    "high_volume_prospecting": "lead",
}


@dataclass(slots=True)
class Path:
    """One item on its way through one template, in a stack that runs."""

    stack: Stack
    template: str
    answers: frozenset[str]
    number: int
    enrollment_id: str = ""
    item_path: str = ""
    heard: set[str] = field(default_factory=set)

    def told(self) -> str:
        """Tell what happened on which day."""
        head = self._head()
        began = datetime.fromisoformat(head["started_at"])
        return ", ".join(
            f"{_day(line['at'], began)} {line['step_id']}: {line['state']}"
            for line in head["history"]
            if line["state"] != "reached" and line["type"] != "reply"
        )

    def life(self) -> Iterator[datetime]:
        """Begin, and do what people do until the end; yields the instants it waits for."""
        self._begin()
        for _ in range(MOST_TURNS):
            yield self._now() + SOON
            head = self._head()
            if head["status"] in OVER:
                return
            task, mail = self._task(), self._unanswered()
            if task is not None:
                yield self._now() + timedelta(hours=1)
                self._work(task)
            elif mail is not None:
                yield datetime.fromisoformat(mail["at"]) + timedelta(hours=2)
                self._reply(mail)
            else:
                yield datetime.fromisoformat(head["due_at"])
        raise AssertionError(f"it does not end: {self.told()}")

    def fate(self) -> str:
        """Return what became of the item: its status and tags."""
        item = self._seller.get(self.item_path)
        return ", ".join((item.get("status", "open"), *item["tags"]))

    def mails(self) -> list[dict[str, Any]]:
        """Return what was sent to the item's person."""
        sent = self.stack.outbox()
        return [mail for mail in sent if mail["tags"].get("enrollment") == self.enrollment_id]

    @property
    def _seller(self) -> Person:
        return people(self.stack)["salesperson"]

    def _begin(self) -> None:
        manager = people(self.stack)["sequence_manager"]
        made = manager.post(
            "/v1/sequences",
            {"name": f"{self.template} {self.number}", "template_key": self.template},
        )
        sequence = f"/v1/sequences/{made['id']}"
        manager.post(f"{sequence}/activate", {})
        self._seller.put(f"{sequence}/consent", {})
        item_id = self._item()
        (row,) = self._seller.post(f"{sequence}/enrollments", {"item_ids": [item_id]})
        assert row["enrolled"], row
        self.enrollment_id = row["enrollment_id"]

    def _item(self) -> str:
        """Make the organization, its person, their lead and deal; return the one to enroll."""
        address = f"paula-{self.number}@acme-{self.number}.test"
        emails = [{"address": address, "primary": True}]
        acme = {"name": f"Acme {self.number}", "emails": emails}
        if KIND[self.template] != "organization":
            del acme["emails"]
        made = {"organization": self._seller.post("/v1/organizations", acme)}
        of_acme = {"organization_id": made["organization"]["id"]}
        paula = {"name": "Paula Prospect", "emails": emails, **of_acme}
        made["person"] = self._seller.post("/v1/persons", paula)
        work = {"title": "Forty chairs", "person_id": made["person"]["id"], **of_acme}
        kind = KIND[self.template]
        if kind not in made:
            made[kind] = self._seller.post(f"/v1/{kind}s", work)
        self.item_path = f"/v1/{kind}s/{made[kind]['id']}"
        return str(made[kind]["id"])

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = self._seller.get(f"/v1/enrollments/{self.enrollment_id}")
        return head

    def _now(self) -> datetime:
        return now_in(self.stack)

    def _task(self) -> dict[str, Any] | None:
        for entry in self._seller.get("/v1/pulse"):
            is_ours = entry["enrollment_id"] == self.enrollment_id
            if is_ours and entry["type"] != "automatic_email":
                task: dict[str, Any] = entry
                return task
        return None

    def _unanswered(self) -> dict[str, Any] | None:
        """Return the latest mail, if somebody is to answer it and has not."""
        latest: dict[str, Any] | None = next(iter(reversed(self.mails())), None)
        if latest is None or latest["tags"]["step"] not in self.answers - self.heard:
            return None
        return latest

    def _work(self, task: dict[str, Any]) -> None:
        if task["type"] == "email":
            self._seller.post(f"/v1/pulse/{task['id']}/send", {})
            return
        outcome = "answered" if task["step_id"] in self.answers else "not_answered"
        body = {"outcome": outcome} if task["type"] == "call" else {}
        self._seller.post(f"/v1/pulse/{task['id']}/complete", body)

    def _reply(self, mail: dict[str, Any]) -> None:
        self.heard.add(mail["tags"]["step"])
        reply_to = next(value for name, value in mail["headers"] if name.lower() == "reply-to")
        to = next(each for _, each in getaddresses([reply_to]) if each.startswith("r-"))
        answer = EmailMessage()
        answer["From"] = f"Paula Prospect <paula-{self.number}@acme-{self.number}.test>"
        answer["To"] = to
        answer["Subject"] = f"Re: {mail['subject']}"
        answer["Message-ID"] = f"<{mail['wire_id'].partition('@')[0]}@acme-{self.number}.test>"
        answer["In-Reply-To"] = answer["References"] = f"<{mail['wire_id']}>"
        answer.set_content("Thank you, that sounds good. Let us talk on Thursday.\n\nPaula\n")
        post_mail(self.stack, answer, recipients=[to])


def travel(stack: Stack, paths: Sequence[Path]) -> None:
    """Let all paths go to their ends on the one clock, from instant to instant."""
    lives = [path.life() for path in paths]
    waiting = [(next(life), life) for life in lives]
    while waiting:
        at = max(min(instant for instant, _ in waiting), now_in(stack) + SOON)
        stack.advance_to(at.isoformat().replace("+00:00", "Z"))
        later = [(instant, life) for instant, life in waiting if instant > at]
        woken = [life for instant, life in waiting if instant <= at]
        again = [(next(life, None), life) for life in woken]
        waiting = [*later, *((instant, life) for instant, life in again if instant is not None)]


def _day(at: str, began: datetime) -> str:
    return f"d{(datetime.fromisoformat(at) - began).days}"


def now_in(stack: Stack) -> datetime:
    """Return what the stack's clock says."""
    return datetime.fromisoformat(stack.ask("GET", "/_local/clock")[1]["now"])
