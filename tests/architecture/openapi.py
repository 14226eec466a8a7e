"""Keeps docs/openapi.json as the doors promise; `--write` refreshes it, the diff is the review."""

import json
import sys
from typing import Any, Final

from app import app
from chalicelib.entry.openapi.document import document
from tests.architecture.house import ROOT

COPY: Final = ROOT / "docs" / "openapi.json"


def described() -> dict[str, Any]:
    """Return the document as it is served, but for the server's address."""
    return document(app.routes)


def text() -> str:
    """Return the file as it should be."""
    return json.dumps(described(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if "--write" in sys.argv:
        COPY.write_text(text())
    elif not COPY.exists() or COPY.read_text() != text():
        sys.exit(f"{COPY.relative_to(ROOT)} is stale: make openapi")
