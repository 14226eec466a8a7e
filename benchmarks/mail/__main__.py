"""Reads every mail of a directory with the production reader and writes what it made of them."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.mail.corpus import Corpus
from benchmarks.mail.memory import memory
from benchmarks.mail.reading import predictions
from benchmarks.mail.timing import ratios

_ABOUT = """\
Read every file that DIR/expected.json names with the production reader, and write to OUT.json what
was made of it: one object per path (kind, ids, addresses, subject, text, reply_text, forwarded,
text_top, failed_recipients, ms) and the threads of every set under `_threads`. Files of format
`eml` are mails; `text-body` and `html-body` are bodies, with the subject of their entry."""


def main() -> int:
    """Read the arguments, then the mails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail", description=_ABOUT)
    parser.add_argument("directory", metavar="DIR", type=Path, help="holds expected.json")
    parser.add_argument("out", metavar="OUT.json", type=Path, help="where the predictions go")
    parser.add_argument(
        "--ratios",
        action="store_true",
        help="also time each mail beside the standard library, and print p50, p99 and the worst",
    )
    parser.add_argument(
        "--memory",
        action="store_true",
        help="also read the largest mails, and some larger ones, each in a process of its own",
    )
    asked = parser.parse_args()
    if not (asked.directory / "expected.json").is_file():
        print(f"{asked.directory} holds no expected.json", file=sys.stderr)
        return 2
    corpus = Corpus(asked.directory)
    asked.out.write_text(json.dumps(predictions(corpus), indent=1, ensure_ascii=False))
    print(f"Read {len(corpus.entries)} files: {asked.out}")
    if asked.ratios:
        print(ratios(corpus))
    if asked.memory:
        print(memory(corpus))
    return 0


if __name__ == "__main__":
    sys.exit(main())
