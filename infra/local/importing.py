"""`python -m infra.local import FILE`: sends a file of items to the stack that runs here.

It is a client as any other: it makes an import, uploads the file by its form, starts it, and shows
how far it is. The kind of items is told by the file's name (`persons.csv`), or by `--kind`.
"""

import json
import sys
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.local.settings import LocalSettings, parse, read_environment

KINDS: Final = ("lead", "deal", "person", "organization")
_LOOK_EVERY_S: Final = 0.5
_TIMEOUT_S: Final = 60
_MOST_SHOWN: Final = 20


class RefusedError(Exception):
    """The API said no, in words."""


class Client:
    """Speaks to the API with the demo admin's token."""

    def __init__(self, settings: LocalSettings) -> None:
        """Read where the API is, and the token."""
        known = json.loads(settings.credentials_file.read_text())
        self._base, self._token = known["base_url"], known["token"]

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON of an answer; raises RefusedError."""
        asked = Request(  # noqa: S310 - the address of the stack on this machine
            f"{self._base}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        return json.loads(_sent(asked))

    def upload(self, form: Mapping[str, Any], content: bytes) -> None:
        """Send a file by a presigned form."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in form["fields"].items()
        ]
        opening = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n'
        head = ("".join(parts) + opening + "\r\n").encode()
        asked = Request(  # noqa: S310 - where our own API sends us
            form["url"],
            method="POST",
            data=head + content + f"\r\n--{boundary}--\r\n".encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        _sent(asked)


def import_file(file: Path, *, kind: str, client: Client, console: Console) -> bool:
    """Import a file, show its progress and what was refused; False if anything was."""
    format_ = "jsonl" if file.suffix in {".jsonl", ".ndjson", ".json"} else "csv"
    made = client.ask("POST", "/v1/imports", {"kind": kind, "format": format_})["data"]
    client.upload(made["upload"], file.read_bytes())
    client.ask("POST", f"/v1/imports/{made['id']}/start", {})
    job = _watched(f"/v1/jobs/{made['id']}", f"{file.name} as {kind}s", client, console)
    counts = ", ".join(f"{count} {name}" for name, count in job["report"].items())
    console.print(f"{job['state']}: {counts or job['trouble']}")
    if job["state"] == "done" and job["report"]["refused"]:
        _show_refused(f"/v1/jobs/{made['id']}", client, console)
    return bool(job["state"] == "done" and not job["report"]["refused"])


def kind_of(file: Path) -> str | None:
    """Return the kind that a file's name tells."""
    return next((kind for kind in KINDS if file.stem.lower().startswith(kind)), None)


def main(arguments: Sequence[str]) -> int:
    """Return the exit code."""
    parser = ArgumentParser(prog="python -m infra.local import", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV (UTF-8, with a header) or JSON lines")
    parser.add_argument("--kind", choices=KINDS, help="of its items, if the name does not tell")
    given = parser.parse_args(arguments)
    kind = given.kind or kind_of(given.file)
    if kind is None:
        parser.error(f"what is in {given.file.name}? Give --kind: {', '.join(KINDS)}")
    _, settings = parse([], read_environment())
    try:
        client = Client(settings)
        is_whole = import_file(given.file, kind=kind, client=client, console=Console())
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error}. Is `make run` running here?", file=sys.stderr)
        return 1
    return 0 if is_whole else 1


def _watched(path: str, name: str, client: Client, console: Console) -> dict[str, Any]:
    """Show a job's progress until it is over, and return it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(name, total=None)
        while True:
            job: dict[str, Any] = client.ask("GET", f"{path}?limit=1")["data"]
            progress.update(bar, completed=job["done"], total=job["total"])
            if job["state"] in {"done", "failed"}:
                return job
            time.sleep(_LOOK_EVERY_S)


def _show_refused(path: str, client: Client, console: Console) -> None:
    shown, cursor = 0, ""
    while shown < _MOST_SHOWN:
        answer = client.ask("GET", f"{path}?limit=500{cursor}")
        for row in answer["data"]["results"]:
            if row["result"] == "refused" and shown < _MOST_SHOWN:
                said = "; ".join(f"{each['path']}: {each['message']}" for each in row["problems"])
                console.print(f"row {row['row']}: {said}", markup=False, highlight=False)
                shown += 1
        following = answer["additional_data"]["next_cursor"]
        if following is None:
            return
        cursor = f"&cursor={following}"
    console.print("… and more; see the results file of the job.")


def _sent(asked: Request) -> bytes:
    try:
        with urlopen(asked, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - as above
            content: bytes = answer.read()
            return content
    except HTTPError as error:
        told = error.read()
        if "problem" in error.headers.get("Content-Type", ""):
            raise RefusedError(json.loads(told)["detail"]) from error
        raise RefusedError(f"The upload was refused with {error.code}.") from error
