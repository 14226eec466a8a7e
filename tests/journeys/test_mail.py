"""Mail through the whole stack: SMTP, S3, SNS, SQS, intake, and what the API then shows."""

import re
import smtplib
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest

from infra.local.stack import Stack

MAILS: Final = sorted((Path(__file__).parent / "conversation").glob("*.eml"))
_FROM: Final = re.compile(rb"^From:.*?(?=\r?\n\S)", re.MULTILINE | re.DOTALL)


class Seller:
    """The demo's admin, her address for copies, and her mail program."""

    def __init__(self, stack: Stack) -> None:
        told = stack.credentials
        self.stack = stack
        self.email = str(told["email"])
        self.bcc = str(told["smart_bcc_address"])
        self._token = str(told["token"])

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON is what it is
        status, answer = self.stack.ask("GET", path, token=self._token)
        assert status == 200, answer
        return answer["data"]

    def do(self, method: str, path: str, body: object) -> tuple[int, Any]:
        return self.stack.ask(method, path, token=self._token, body=body)

    def post(self, raw: bytes, *, sender: str | None = None, to: str | None = None) -> None:
        with smtplib.SMTP("127.0.0.1", self.stack.smtp_port, timeout=60) as door:
            door.sendmail(sender or self.email, [to or self.bcc], raw)

    def settle(self) -> None:
        """Let all that came be dealt with."""
        self.stack.advance("PT1S")

    def mail(self, subject: str, **headers: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = headers.pop("From", self.email)
        mail["To"] = headers.pop("To", "paula@acme.test")
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{subject.replace(' ', '-').lower()}@journey.test>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("Here it is.")
        return mail


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seller]:
    with Stack(tmp_path_factory.mktemp("mail")) as stack:
        yield Seller(stack)


def threads(seller: Seller, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    return list(seller.get(f"/v1/threads?limit=500&{query}"))


def test_ten_real_mails_become_their_two_conversations_in_any_order(seller: Seller) -> None:
    own = f"From: {seller.email}".encode()
    for path in (*MAILS[1::2], *MAILS[::2]):
        seller.post(_FROM.sub(own, path.read_bytes(), count=1))
    seller.settle()

    found = [each for each in threads(seller) if each["message_count"] > 1]

    assert len(MAILS) == 10
    assert sorted(each["message_count"] for each in found) == [3, 7]
    assert {each["folder"] for each in found} == {"sent"}


def test_a_forward_to_the_address_alone_makes_a_duplicate(seller: Seller) -> None:
    first = seller.mail("Forty journeys")
    seller.post(first.as_bytes())
    seller.settle()
    [original] = threads(seller, q="journeys")
    forward = seller.mail("Fwd journeys", To=seller.bcc, In_Reply_To=str(first["Message-ID"]))

    seller.post(forward.as_bytes())
    seller.settle()

    duplicates = [each for each in threads(seller) if each["duplicate_of"] == original["id"]]
    assert len(duplicates) == 1
    assert seller.get(f"/v1/threads/{original['id']}")["message_count"] == 1


@pytest.mark.parametrize(
    "case, reason",
    [
        ("spoofed", "not_authenticated"),
        ("leaked", "sender_not_confirmed"),
    ],
)
def test_a_forged_sender_and_a_leaked_address_file_nothing(
    seller: Seller, case: str, reason: str
) -> None:
    forger = seller.email if case == "spoofed" else "eve@evil.test"
    raw = seller.mail(f"Trust me {case}", From=forger).as_bytes()

    seller.post(raw, sender="eve@evil.test")
    seller.settle()

    [kept] = [each for each in seller.get("/v1/intake") if each["subject"] == f"Trust me {case}"]
    assert (kept["outcome"], kept["reason"]) == ("quarantined", reason)
    assert threads(seller, q=case) == []
    status, _ = seller.do("POST", f"/v1/intake/{kept['id']}/discard", {})
    assert status == 200


def test_nineteen_megabytes_are_filed_and_twenty_one_are_told_of(seller: Seller) -> None:
    for megabytes in (19, 21):
        mail = seller.mail(f"Sized {megabytes}").as_bytes()
        seller.post(mail + (b"x" * 76 + b"\r\n") * (megabytes * 1_000_000 // 78))
    seller.settle()

    [kept] = [each for each in seller.get("/v1/intake") if each["reason"] == "too_large"]
    notices = [each for each in seller.stack.outbox() if "too large" in each["subject"]]

    assert [each["subject"] for each in threads(seller, q="sized")] == ["Sized 19"]
    assert kept["outcome"] == "parked"
    assert [each["to"] for each in notices] == [seller.email]


def test_an_address_is_confirmed_by_the_link_that_was_mailed_there(seller: Seller) -> None:
    status, _ = seller.do("POST", "/v1/sender-addresses", {"address": "ada@home.test"})
    deadline = time.monotonic() + 10
    while not (asked := [each for each in seller.stack.outbox() if each["to"] == "ada@home.test"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    token = re.search(r"/u/([a-z0-9-]+)", asked[0]["text"])
    assert token is not None

    seller.stack.ask("POST", f"/u/{token[1]}")

    assert status == 201
    listed = {each["address"]: each["status"] for each in seller.get("/v1/sender-addresses")}
    assert listed["ada@home.test"] == "confirmed"
    seller.post(seller.mail("From home", From="ada@home.test").as_bytes(), sender="ada@home.test")
    seller.settle()
    assert len(threads(seller, q="home")) == 1
