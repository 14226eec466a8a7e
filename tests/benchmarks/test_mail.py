"""The reader's benchmark reads any directory of that shape."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FILES: dict[str, tuple[dict[str, Any], bytes]] = {
    "reply/a.txt": (
        {"format": "text-body", "kind": "reply", "subject": "Re: Stühle"},
        "Ja.\n\nGruß\nPaula\n\nAm 1.5.2026 schrieb Sally <s@n.test>:\n> Stühle?".encode(),
    ),
    "reply/b.html": (
        {"format": "html-body", "kind": "reply", "signature_convention": "stripped"},
        b"Yes.<br><br>Regards,<br>Paula",
    ),
    "forward/c.txt": (
        {"format": "text-body", "kind": "forward", "subject": None},
        b"Look.\n---- Forwarded message ----\nFrom: p@a.test\nTo: Sally\n\nForty?",
    ),
    "threading/set/1.eml": (
        {"format": "eml", "kind": "plain", "thread_set": "set"},
        b"Message-ID: <2@x>\nIn-Reply-To: <1@x>\n\nx",
    ),
    "threading/set/2.eml": (
        {"format": "eml", "kind": "plain", "thread_set": "set"},
        b"Message-ID: <4@x>\nReferences: <3@x>\n\nx",
    ),
    "threading/set/3.eml": (
        {"format": "eml", "kind": "plain", "thread_set": "set"},
        b"Message-ID: <3@x>\nIn-Reply-To: <2@x>\n\nx",
    ),
    "threading/set/4.eml": (
        {"format": "eml", "kind": "plain", "thread_set": "set"},
        b"From: A <a@b.test>\nSubject: none\n\nx",
    ),
    "threading/set/_set.json": ({"format": "none", "kind": "thread-set", "groups": []}, b"{}"),
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for path, (_, octets) in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(octets)
    manifest = {"files": {path: told for path, (told, _) in FILES.items()}}
    (tmp_path / "expected.json").write_text(json.dumps(manifest))
    return tmp_path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.mail", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_every_file_of_a_manifest_is_read(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"

    done = run(str(corpus), str(out), "--ratios")

    assert done.returncode == 0, done.stderr
    assert "ratio to compat32" in done.stdout
    told = json.loads(out.read_text())
    assert set(told) == {path for path in FILES if "_set" not in path} | {"_threads"}
    assert told["reply/a.txt"]["subject"] == "Re: Stühle"
    assert told["reply/a.txt"]["reply_text"] == "Ja.\n\nGruß\nPaula"
    assert told["reply/b.html"]["reply_text"] == "Yes."
    assert told["forward/c.txt"]["text_top"] == "Look."
    assert told["forward/c.txt"]["forwarded"] == {
        "from": {"address": "p@a.test", "name": None},
        "to": [{"address": None, "name": "Sally"}],
        "cc": [],
        "subject": "",
        "date": "",
        "body": "Forty?",
    }
    assert told["threading/set/4.eml"]["from"] == ["a@b.test"]
    assert told["_threads"] == {"set": [["2@x", "3@x", "4@x"]]}
    assert all("error" not in each and each["ms"] > 0 for each in told.values() if "ms" in each)


def test_a_directory_of_another_shape_is_refused(tmp_path: Path) -> None:
    done = run(str(tmp_path), str(tmp_path / "out.json"))

    assert done.returncode == 2
    assert "expected.json" in done.stderr


def test_the_benchmark_says_what_it_does() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "DIR" in done.stdout
    assert "_threads" in done.stdout
