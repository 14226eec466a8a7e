"""Looks for bytes that make the reader raise or take too long, led by what code they reach.

Needs `atheris`, which nothing else here does: `make fuzz-mail` gives it an environment of its own.
What it finds lies in the work directory as `found-…`, or `timeout-…` where it hung.
"""

import hashlib
import sys
import time
from pathlib import Path
from typing import Final

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["chalicelib"]):
    from chalicelib.domain.mail.parsing import parse_message

_LONGEST: Final = 64 * 1024
_PATIENCE: Final = 5.0
"""Seconds for 64 KB, instrumented and on a machine that has other work: far beyond any budget."""


class Finder:
    """Reads what it is given; of each kind of failure the first bytes are kept."""

    def __init__(self, work: Path) -> None:
        """Write findings into a directory."""
        self._work = work
        self._known: set[str] = set()

    def read(self, octets: bytes) -> None:
        """Read some bytes; what a guard of the reader caught is a failure as well."""
        began = time.process_time()
        try:
            defects = parse_message(octets).defects
        except Exception as error:  # noqa: BLE001 - what this is all about
            self._keep(f"raised {type(error).__name__}", octets)
            return
        for each in defects:
            if each.endswith(("unreadable", "not_split")):
                self._keep(each, octets)
        spent = time.process_time() - began
        if spent > _PATIENCE:
            self._keep("slow", octets)

    def _keep(self, reason: str, octets: bytes) -> None:
        if reason in self._known:
            return
        self._known.add(reason)
        name = f"found-{reason.replace(' ', '-')}-{hashlib.sha256(octets).hexdigest()[:8]}"
        (self._work / name).write_bytes(octets)
        print(f"FOUND {reason}: {name}", flush=True)


def main() -> None:
    """Run for some seconds over a growing corpus: SECONDS WORK_DIR SEED_DIR…."""
    seconds, work, *seeds = sys.argv[1:]
    grown = Path(work) / "grown"
    grown.mkdir(parents=True, exist_ok=True)
    options = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST}",
        "-timeout=20",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        f"-artifact_prefix={work}/",
        str(grown),
        *seeds,
    ]
    atheris.Setup(options, Finder(Path(work)).read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
