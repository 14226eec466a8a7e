"""What each mail of the corpus must read as; `make golden` writes it anew.

The difference is to be reviewed like code: the files beside the mails are the expectation.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from chalicelib.domain.mail.message import Message
from chalicelib.domain.mail.parsing import parse_message

CORPUS: Final = Path(__file__).parent
MAILS: Final = sorted(CORPUS.glob("*/*.eml"))


def as_json(message: Message) -> dict[str, object]:
    """Return a message as it is written beside its mail: files by digest, HTML by its length."""
    read = msgspec.to_builtins(message, builtin_types=(bytes,))
    read["attachments"] = [
        {
            "name": each.name,
            "content_type": each.content_type,
            "sha256": sha256(each.content).hexdigest()[:16],
            "is_inline": each.is_inline,
        }
        for each in message.attachments
    ]
    read["html"] = len(message.html)
    plain = json.loads(msgspec.json.encode(read))
    return {name: value for name, value in plain.items() if value not in ("", [], None, 0)}


def write_anew() -> None:
    """Write every expectation from what is read now."""
    for mail in MAILS:
        told = json.dumps(as_json(parse_message(mail.read_bytes())), indent=2, ensure_ascii=False)
        mail.with_suffix(".expected.json").write_text(f"{told}\n")


if __name__ == "__main__" and "--write" in sys.argv:
    write_anew()
