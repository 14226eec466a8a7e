"""The tree as the architecture tests read it: its modules, its types, its functions."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def modules(*folders: str) -> list[Path]:
    """Return every Python file below the folders, relative to the root."""
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def parsed(module: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse((ROOT / module).read_text())


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Return each function's name and the lines from its `def` to its end."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def types(module: Path) -> Iterator[str]:
    """Return the names of all classes of a module."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ClassDef):
            yield node.name


def imports(module: Path) -> Iterator[str]:
    """Return the dotted name of whatever a module imports, anywhere in it."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
