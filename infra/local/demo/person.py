"""A user who talks to the API, and whoever writes mail: what the story's people can do."""

import smtplib
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from typing import Any, Final

from infra.local.stack import Stack

_CREATED: Final = 201
_FIRST_REFUSAL: Final = 400


class RefusedError(Exception):
    """The API said no; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Person:
    """One user with a token."""

    stack: Stack
    token: str
    user_id: str
    email: str
    smart_bcc_address: str

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON is what it is
        """Return the data of an answer."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON is what it is
        """Do something, and return the data of the answer."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON is what it is
        """Change something, and return it."""
        return self._ask("PATCH", path, body)

    def put(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON is what it is
        """Set something, and return it."""
        return self._ask("PUT", path, body)

    def _ask(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON is what it is
        status, answer = self.stack.ask(method, path, token=self.token, body=body)
        if status >= _FIRST_REFUSAL:
            raise RefusedError(f"{method} {path}: {status} {answer}")
        return answer["data"]


def people(stack: Stack) -> dict[str, Person]:
    """Return the story's users by their roles."""
    known = stack.credentials
    return {role: _person(stack, known["users"][role]) for role in known["users"]}


def _person(stack: Stack, known: dict[str, str]) -> Person:
    return Person(
        stack=stack,
        token=known["token"],
        user_id=known["user_id"],
        email=known["email"],
        smart_bcc_address=known["smart_bcc_address"],
    )


def post_mail(stack: Stack, mail: Message, *, recipients: list[str]) -> None:
    """Hand a mail to the SMTP door, as its sender's mail server would."""
    sender = parseaddr(str(mail["From"]))[1]
    with smtplib.SMTP("127.0.0.1", stack.smtp_port) as server:
        server.sendmail(sender, recipients, mail.as_bytes())
