"""Draws the map of the house (`chalicelib/__init__.py`) from what its rooms say of themselves."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.house import ROOT

HOUSE: Final = ROOT / "chalicelib"
_FLOORS: Final = (
    ("entry", "third floor", "may use services and all below"),
    ("services", "second floor", "may use storage, gateways and domain"),
    ("gateways", "first floor", "may use domain; does not know storage"),
    ("storage", "first floor", "may use domain; does not know gateways"),
    ("domain", "ground floor", "pure: the standard library and a few listed packages"),
)
_WIDTH: Final = 98
_HEAD: Final = '''"""The map of the house: every room with its reason. What a newcomer opens first.

`app.py` is the roof: it assembles the rooms of the third floor, and nobody imports it. A room
imports from its own floor and from those below it, never upward (import-linter holds that). Under
it all lies `infra/`, the plot: tables, queues, the mail rule, alarms, the whole stack on a laptop.

Two ways to read it. A request: `entry/http.py`, then the room of its path in `entry/`, then the
service of the same name. An enrollment: `domain/sequences/engine.py`, `services/progress.py`,
`services/delivery.py`. A mail: `services/inbound.py`, `domain/mail/threads.py`,
`domain/mail/linking.py`.

Drawn by `make diagrams` from the first sentence of every room; do not edit.
'''


def text() -> str:
    """Return the file as it should be."""
    lines = [_HEAD]
    for name, floor, rule in _FLOORS:
        lines.append(f"{name}/ ({floor}): {rule}\n")
        lines.extend(_rooms(HOUSE / name, indent="    "))
        lines.append("")
    return "\n".join(lines).rstrip() + '\n"""\n'


def _rooms(folder: Path, *, indent: str) -> Iterator[str]:
    files = sorted(each for each in folder.glob("*.py") if each.name != "__init__.py")
    for file in files:
        yield from _line(f"{file.name}", _reason(file), indent)
    folders = sorted(each for each in folder.iterdir() if (each / "__init__.py").exists())
    for each in folders:
        yield ""
        yield from _line(f"{each.name}/", _reason(each / "__init__.py"), indent)
        yield from _rooms(each, indent=indent + "    ")


def _line(name: str, reason: str, indent: str) -> Iterator[str]:
    label = f"{indent}{name:<22} "
    yield label + _shortened(reason, _WIDTH - len(label))


def _shortened(reason: str, room: int) -> str:
    """Cut a sentence where it pauses, so that it fits one line."""
    if len(reason) <= room:
        return reason
    pauses = [at for at, mark in enumerate(reason[:room]) if mark in ",;:"]
    return reason[: pauses[-1]] if pauses else reason[: reason.rindex(" ", 0, room - 1)] + " …"


def _reason(file: Path) -> str:
    said = ast.get_docstring(ast.parse(file.read_text())) or ""
    return " ".join(said.split("\n\n")[0].split())


if __name__ == "__main__":
    if "--write" in sys.argv:
        (HOUSE / "__init__.py").write_text(text())
    else:
        sys.stdout.write(text())
