"""Small files that a crash leaves either old or new, never half written."""

import os
from pathlib import Path


def write(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Replace the file's text at once."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
