"""`python -m infra.local` runs the stack until Ctrl-C; `doctor` and `redrive` look after it.

`import FILE` sends it a file of items.
"""

import signal
import sys
from collections.abc import Sequence

from infra.local.ports import CannotStartError
from infra.local.settings import LocalSettings, parse, read_environment
from infra.refusals import refuse_without_packages

READY = "Ready; Ctrl-C stops everything."


def main() -> int:
    """Return the exit code."""
    if sys.argv[1:2] == ["import"]:
        return _import(sys.argv[2:])
    command, settings = parse(sys.argv[1:], read_environment())
    try:
        if command == "run":
            return run(settings)
        from infra.local.doctor import examine, redrive  # noqa: PLC0415 - loads quicker alone
    except ModuleNotFoundError as missing:
        refuse_without_packages(missing)
    return examine(settings) if command == "doctor" else redrive(settings)


def _import(arguments: Sequence[str]) -> int:
    try:
        from infra.local import importing  # noqa: PLC0415 - loads quicker alone
    except ModuleNotFoundError as missing:
        refuse_without_packages(missing)
    return importing.main(arguments)


def run(settings: LocalSettings) -> int:
    """Run until told to stop; 0 if that is why it ended."""
    # Half of what is imported here takes most of a second, and --help needs none of it.
    from infra.local.machine import Machine, log_to  # noqa: PLC0415

    terminal = sys.stdout

    def say(line: str) -> None:
        print(line, file=terminal, flush=True)

    machine = Machine(settings, say=say)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: machine.end())
    try:
        log_to(settings, say=say)
        machine.start()
    except CannotStartError as error:
        print(error, file=sys.stderr)
        return 1
    say(banner(settings))
    machine.wait()
    say("Stopping …")
    machine.stop()
    # A second Ctrl-C must not look like a crash.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return 1 if machine.failed else 0


def banner(settings: LocalSettings) -> str:
    """Say what runs where."""
    base = settings.base_url
    lines = (
        ("API", f"{base}/v1", "tokens in credentials.json"),
        ("Outbox", f"{base}/_local/outbox", "what was sent"),
        ("Clock", f"{base}/_local/clock", 'POST {"advance": "P1D"}'),
        ("Mail in", f"smtp://127.0.0.1:{settings.smtp_port}", "any recipient"),
        ("AWS", settings.aws_url, "ministack"),
        ("Data", str(settings.data), "credentials.json, sekvens.log; delete it to begin anew"),
    )
    rows = [f"  {name:<8} {place:<36} {note}" for name, place, note in lines]
    return "\n".join(["Sekvens runs on this machine:", *rows, READY])


if __name__ == "__main__":
    sys.exit(main())
