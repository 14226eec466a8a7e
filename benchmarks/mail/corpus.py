"""A directory of mails with its manifest, as raw mails whatever the files hold."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from pathlib import Path
from typing import Any, Final

_TYPES: Final = {"text-body": "text/plain", "html-body": "text/html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: its path in the manifest, what is said of it, and the mail it is."""

    path: str
    told: dict[str, Any]
    raw: bytes

    @property
    def format(self) -> str:
        """Whether the file is a mail or a body."""
        return str(self.told["format"])


class Corpus:
    """The mails that a manifest names."""

    def __init__(self, directory: Path) -> None:
        """Read the manifest; the mails are read when they are asked for."""
        self._directory = directory
        manifest = json.loads((directory / "expected.json").read_text())
        self._told: dict[str, dict[str, Any]] = manifest["files"]
        self.entries = [path for path, told in self._told.items() if self._is_mail(told)]

    @property
    def thread_sets(self) -> dict[str, list[str]]:
        """The mails of each set whose threads are asked for, by the set's name."""
        names = [path.split("/")[1] for path, told in self._told.items() if "groups" in told]
        return {
            name: [path for path in self.entries if self._told[path].get("thread_set") == name]
            for name in names
        }

    def mails(self) -> Iterator[Entry]:
        """Yield every mail, in the order of the manifest."""
        return (self.mail(path) for path in self.entries)

    def mail(self, path: str) -> Entry:
        """Return one mail; a body alone is given the headers that make it one."""
        told = self._told[path]
        octets = (self._directory / path).read_bytes()
        if told["format"] in _TYPES:
            octets = _headers(_TYPES[told["format"]], told.get("subject") or "") + octets
        return Entry(path=path, told=told, raw=octets)

    @staticmethod
    def _is_mail(told: dict[str, Any]) -> bool:
        return told["format"] == "eml" or told["format"] in _TYPES


def _headers(content_type: str, subject: str) -> bytes:
    words = Header(subject, "utf-8").encode(maxlinelen=0) if subject else ""
    return f"Subject: {words}\nContent-Type: {content_type}; charset=utf-8\n\n".encode()
