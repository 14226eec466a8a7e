"""Keeps docs/requirements.md and the marks on tests together; `--write` refreshes the table."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.architecture.house import ROOT, modules, parsed

TABLE: Final = ROOT / "docs" / "requirements.md"
NOT_BUILT: Final = "not yet built"
PROVEN: Final = "proven by "

ROW: Final = re.compile(
    r"\| (?P<id>(?:PD|D365)-[A-Z]+-\d\d) \| (?P<asks>[^|]+) \| (?P<state>[^|]+) \|"
)
STATE: Final = re.compile(
    r"""
      not\ yet\ built
    | (?: screen:\ data\ and\ actions\ at\ (?:`[^`]+`(?:,\ )?)+      # then the proof, if any
        | superseded\ by\ (?:PD|D365)-[A-Z]+-\d\d:\ [^;]+
        | (?=proven)
      )
      (?: (?:;\ )? proven\ by\ (?:`[^`]+`(?:,\ )?)+ )?
    """,
    re.VERBOSE,
)


def marked_tests() -> dict[str, list[str]]:
    """Return the tests that carry each requirement's mark, found without running anything."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules("tests"):
        for test, mark in _marks(parsed(module), module):
            found[mark].append(test)
    return dict(found)


def refreshed(text: str, tests: Mapping[str, list[str]]) -> str:
    """Return the table with what the tests prove; other states are kept."""
    return "".join(_refreshed_line(line, tests) for line in text.splitlines(keepends=True))


def _refreshed_line(line: str, tests: Mapping[str, list[str]]) -> str:
    row = ROW.match(line)
    if row is None:
        return line
    state = row["state"].split(PROVEN)[0].removesuffix("; ")
    proof = ", ".join(f"`{test}`" for test in tests.get(row["id"], ()))
    if state in {"", NOT_BUILT}:
        state = PROVEN + proof if proof else NOT_BUILT
    elif proof:
        state = f"{state}; {PROVEN}{proof}"
    return f"| {row['id']} | {row['asks']} | {state} |\n"


def _marks(tree: ast.Module, module: Path) -> Iterator[tuple[str, str]]:
    """Return (test, id) for every mark on a test, or on a class of tests."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield from ((f"{module}::{node.name}", mark) for mark in _ids(node))
        elif isinstance(node, ast.ClassDef):
            of_class = list(_ids(node))
            for test in node.body:
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test"):
                    name = f"{module}::{node.name}::{test.name}"
                    yield from ((name, mark) for mark in (*of_class, *_ids(test)))


def _ids(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """Return the ids marked on a node, also on the parameters of its tests."""
    for decorator in node.decorator_list:
        for mark in ast.walk(decorator):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.requirement":
                yield from (str(ast.literal_eval(each)) for each in mark.args)


if __name__ == "__main__":
    table = TABLE.read_text()
    fresh = refreshed(table, marked_tests())
    if "--write" in sys.argv:
        TABLE.write_text(fresh)
    elif fresh != table:
        sys.exit(f"{TABLE.relative_to(ROOT)} is stale: make requirements")
