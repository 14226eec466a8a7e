"""`make replay MAIL=file.eml`: pushes one mail through the SMTP door of the stack that runs here.

The bytes go in as they are. They go to whoever of the inbound domain stands in the mail's headers,
or to `--to`, or to the demo admin's Smart BCC address.
"""

import json
import smtplib
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Final

from infra.local.settings import INBOUND_DOMAIN, LocalSettings, parse, read_environment

_NAMES_RECIPIENTS: Final = ("delivered-to", "x-original-to", "to", "cc", "bcc")


def envelope(headers: Message, *, given: Iterable[str], fallback: str) -> tuple[str, list[str]]:
    """Return sender and recipients as an envelope would have had them."""
    named = [address for _, address in _addresses(headers, *_NAMES_RECIPIENTS)]
    ours = [address for address in named if address.lower().endswith(f"@{INBOUND_DOMAIN}")]
    senders = [address for _, address in _addresses(headers, "return-path", "from") if address]
    recipients = list(dict.fromkeys(given)) or list(dict.fromkeys(ours)) or [fallback]
    return (senders or [""])[0], recipients


def _addresses(headers: Message, *names: str) -> list[tuple[str, str]]:
    return getaddresses([str(value) for name in names for value in headers.get_all(name, [])])


def replay(mail: bytes, settings: LocalSettings, *, given: Iterable[str]) -> list[str]:
    """Send `mail`; return to whom."""
    known = json.loads(settings.credentials_file.read_text())
    headers = BytesHeaderParser().parsebytes(mail)
    sender, recipients = envelope(headers, given=given, fallback=known["smart_bcc_address"])
    with smtplib.SMTP(known["smtp_host"], known["smtp_port"]) as smtp:
        smtp.sendmail(sender, recipients, mail)
    return recipients


def main() -> int:
    """Return the exit code."""
    arguments = ArgumentParser(description=main.__doc__)
    arguments.add_argument("mail", type=Path)
    arguments.add_argument("--to", nargs="*", default=[], help="recipients of the envelope")
    given = arguments.parse_args()
    _, settings = parse([], read_environment())
    try:
        recipients = replay(given.mail.read_bytes(), settings, given=given.to)
    except OSError as error:
        print(f"{error}. Is `make run` running here?", file=sys.stderr)
        return 1
    print(f"Taken for {', '.join(recipients)}; see what became of it at /v1/threads or /v1/intake.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
