"""The story: three leads in one sequence, nine days, and a mail of the salesperson's own.

Everything happens through the doors a customer has: HTTP, mail, and time that passes.
"""

import email
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.utils import getaddresses
from pathlib import Path
from typing import Any, Final

from infra.local.demo.person import Person, people, post_mail
from infra.local.stack import Stack

REPLY: Final = Path("tests/corpus/reply/gmail.eml")
"""A real reply from the corpus, whose headers alone are changed."""
_TEMPLATE: Final = "high_volume_prospecting"


Line = tuple[str, str, str]
"""(instant, who, what)"""


@dataclass(slots=True)
class Told:
    """What the story has told so far, and what differed from what was expected."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, expected: object) -> None:
        """Note a difference; the story goes on, so that all of them are seen."""
        if found != expected:
            self.wrong.append(f"{what}: expected {expected!r}, found {found!r}")


class Story:
    """Told chapter by chapter; `told` is its record."""

    def __init__(self, stack: Stack, *, on_line: Callable[[Line], None]) -> None:
        """Meet the people; `on_line` hears each line as it is told."""
        self.stack = stack
        self._on_line = on_line
        users = people(stack)
        self.seller: Person = users["salesperson"]
        self.manager: Person = users["sequence_manager"]
        self.told = Told()
        self.sequence_id = ""
        self.leads: dict[str, str] = {}
        self.enrollments: dict[str, str] = {}

    def tell(self) -> None:
        """Tell it from beginning to end."""
        self._meet_leads()
        self._build_sequence()
        self._enroll()
        self._first_mails()
        self._bounce()
        self._answer()
        self._nine_days_with_paula()
        self._own_mail()

    # -- the chapters

    def _meet_leads(self) -> None:
        for name, address in (
            ("Paula", "paula@acme.test"),
            ("Rolf", "rolf@birch.test"),
            ("Bodil", "bounce+bodil@simulator.amazonses.com"),
        ):
            self.leads[name] = self._lead(name, address)
        self._say("salesperson", "has three leads: Paula, Rolf and Bodil")

    def _lead(self, name: str, address: str) -> str:
        organization = self.seller.post("/v1/organizations", {"name": f"{name}'s company"})
        person = self.seller.post(
            "/v1/persons",
            {
                "name": f"{name} Prospect",
                "emails": [{"address": address, "primary": True}],
                "organization_id": organization["id"],
            },
        )
        lead = self.seller.post(
            "/v1/leads",
            {
                "title": f"Forty chairs for {name}",
                "person_id": person["id"],
                "organization_id": organization["id"],
            },
        )
        return str(lead["id"])

    def _build_sequence(self) -> None:
        listed = self.manager.get("/v1/sequence-templates?item_kind=lead")
        (found,) = [each for each in listed if each["key"] == _TEMPLATE]
        self.told.expect("template", (found["step_count"], found["days"]), (7, 9))
        made = self.manager.post(
            "/v1/sequences", {"name": found["name"], "template_key": _TEMPLATE}
        )
        self.sequence_id = made["id"]
        filled = self.manager.patch(
            f"/v1/sequences/{self.sequence_id}", {"flow": _with_texts(made["flow"])}
        )
        checked = self.manager.post(f"/v1/sequences/{self.sequence_id}/validate", {})
        self.told.expect("problems", checked["problems"], [])
        active = self.manager.post(f"/v1/sequences/{self.sequence_id}/activate", {})
        self.told.expect("sequence", (filled["status"], active["status"]), ("draft", "active"))
        self._say("sequence manager", f"fills in and activates “{found['name']}”")

    def _enroll(self) -> None:
        self.seller.put(f"/v1/sequences/{self.sequence_id}/consent", {})
        rows = self.seller.post(
            f"/v1/sequences/{self.sequence_id}/enrollments",
            {"item_ids": list(self.leads.values())},
        )
        self.told.expect("enrolled", [row["enrolled"] for row in rows], [True, True, True])
        for name, row in zip(self.leads, rows, strict=True):
            self.enrollments[name] = row["enrollment_id"]
        self._say("salesperson", "consents to automatic sending and enrolls all three")

    def _first_mails(self) -> None:
        self.stack.advance("PT1M")
        mails = self.stack.outbox()
        self.told.expect("mails on day 0", len(mails), 3)
        for mail in mails:
            headers = {name.lower(): value for name, value in mail["headers"]}
            own = f"<{mail['wire_id']}>"
            self.told.expect("Message-ID on the wire", headers.get("message-id"), own)
            self.told.expect("a token to answer to", "r-" in headers.get("reply-to", ""), True)
            self._say("Sekvens", f"sends “{mail['subject']}” to {mail['to']}", at=mail["at"])

    def _bounce(self) -> None:
        self._expect_end("Bodil", "exited", "bounced")
        self._say("mail service", "Bodil's address bounces: suppressed, she leaves the sequence")

    def _answer(self) -> None:
        self.stack.advance("P1D")
        (sent,) = [mail for mail in self.stack.outbox() if mail["to"] == "rolf@birch.test"]
        token_address = _token_address(sent)
        answer = _rewritten(REPLY, sent, to=token_address)
        post_mail(self.stack, answer, recipients=[token_address])
        self.stack.advance("PT1M")
        self._expect_end("Rolf", "exited", "replied")
        (thread,) = self.seller.get(f"/v1/items/lead/{self.leads['Rolf']}/threads")
        link = (thread["message_count"], thread["reason"], (thread["item"] or {}).get("id"))
        self.told.expect("Rolf's thread", link, (2, "enrollment", self.leads["Rolf"]))
        self._say("Rolf", "answers with a real mail: same thread, same lead, sequence left")

    def _nine_days_with_paula(self) -> None:
        self._work("linkedin", None, "researches Paula on LinkedIn")
        self._wait("P2D")
        self._work("call", "not_answered", "calls Paula: no answer")
        self._wait("P2D")
        mails = [mail for mail in self.stack.outbox() if mail["to"] == "paula@acme.test"]
        self.told.expect("mails to Paula by day 5", len(mails), 2)
        self._say("Sekvens", f"sends “{mails[-1]['subject']}” to Paula", at=mails[-1]["at"])
        self._wait("P3D")
        self._work("call", "not_answered", "calls Paula again: no answer")
        self._wait("P2D")
        self._work("call", "not_answered", "calls Paula a last time: no answer")
        self._expect_end("Paula", "completed", None)
        lead = self.seller.get(f"/v1/leads/{self.leads['Paula']}")
        self.told.expect("Paula's lead", lead["status"], "disqualified")
        self._say("Sekvens", "Paula's sequence is completed, her lead disqualified")

    def _own_mail(self) -> None:
        person = self.seller.post(
            "/v1/persons",
            {"name": "Dora Deal", "emails": [{"address": "dora@cedar.test", "primary": True}]},
        )
        deal = self.seller.post(
            "/v1/deals", {"title": "A boardroom for Cedar", "person_id": person["id"]}
        )
        mail = _own_mail(self.seller.email)
        post_mail(self.stack, mail, recipients=[self.seller.smart_bcc_address])
        self.stack.advance("PT1M")
        found = self.seller.get(f"/v1/items/deal/{deal['id']}/threads")
        self.told.expect(
            "the deal's threads", [each["reason"] for each in found], ["only_open_item"]
        )
        self._say("salesperson", "BCCs a mail of hers: filed under Dora's one open deal")

    # -- what chapters share

    def _work(self, kind: str, outcome: str | None, said: str) -> None:
        feed = self.seller.get("/v1/pulse")
        tasks = [
            task
            for task in feed
            if task["enrollment_id"] == self.enrollments["Paula"] and task["type"] == kind
        ]
        self.told.expect(f"{kind} for Paula in the feed", len(tasks), 1)
        if not tasks:
            return
        body = {} if outcome is None else {"outcome": outcome}
        self.seller.post(f"/v1/pulse/{tasks[0]['id']}/complete", body)
        self._say("salesperson", said)

    def _wait(self, duration: str) -> None:
        self.stack.advance(duration)

    def _expect_end(self, name: str, status: str, reason: str | None) -> None:
        found = self.seller.get(f"/v1/enrollments/{self.enrollments[name]}")
        self.told.expect(
            f"{name}'s enrollment", (found["status"], found["reason"]), (status, reason)
        )

    def _say(self, who: str, what: str, *, at: str | None = None) -> None:
        if at is None:
            at = self.stack.ask("GET", "/_local/clock")[1]["now"]
        self.told.lines.append((at, who, what))
        self._on_line((at, who, what))


def _with_texts(flow: dict[str, Any]) -> dict[str, Any]:
    """Fill in our own words for the first mail; the rest keeps the template's."""
    own = {
        "subject": "Chairs, {{ person.first_name | default: 'hello' }}?",
        "body": (
            "<p>Hi {{ person.first_name | default: 'there' }},</p>"
            "<p>{{ organization.name | default: 'your company' }} could sit better. "
            "Shall we talk?</p><p>{{ sender.name }}</p>"
        ),
    }
    steps = [{**step, **own} if step["id"] == "a1" else step for step in flow["steps"]]
    return {**flow, "steps": steps}


def _token_address(sent: dict[str, Any]) -> str:
    """Return where an answer reaches the enrollment."""
    reply_to = next(value for name, value in sent["headers"] if name.lower() == "reply-to")
    return next(address for _, address in getaddresses([reply_to]) if address.startswith("r-"))


def _rewritten(file: Path, sent: dict[str, Any], *, to: str) -> Message:
    """Make a real mail the answer to `sent`: its headers say so, its body stays as it is."""
    mail = email.message_from_bytes(file.read_bytes())
    for name in ("From", "To", "Cc", "In-Reply-To", "References", "Reply-To", "Return-Path"):
        del mail[name]
    mail["From"] = "Rolf Prospect <rolf@birch.test>"
    mail["To"] = to
    mail["In-Reply-To"] = f"<{sent['wire_id']}>"
    mail["References"] = f"<{sent['wire_id']}>"
    return mail


def _own_mail(sender: str) -> Message:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "Dora Deal <dora@cedar.test>"
    mail["Subject"] = "The boardroom"
    mail["Message-ID"] = "<boardroom-1@demo.sekvens.test>"
    mail.set_content("Hello Dora,\n\nthe drawings are ready. When may I show them?\n")
    return mail
