"""A process that works the due queue off, as one execution environment of Lambda does.

Says `ready`, begins when it is told to, ends when the queue is empty, and leaves its account in
a file. The account begins with the second batch: the first one loads what doors load at first use.
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir

from benchmarks.runner.stack import Spent, measured
from benchmarks.world import TENANT, metered
from chalicelib.entry import wiring
from chalicelib.services.decisions import Bench
from infra.local.house import load_house
from infra.local.queues import QueueJob
from infra.local.resources import clients
from infra.local.settings import PROJECT, LocalSettings


def main() -> None:
    """Work until there is nothing left."""
    aws_port, account = int(sys.argv[1]), Path(sys.argv[2])
    local = LocalSettings(
        port=0, smtp_port=0, aws_port=aws_port, data=Path(gettempdir()), app=PROJECT
    )
    (door,) = (each for each in load_house(PROJECT).queues if each.queue == "due")
    sqs = clients(local).sqs
    meter = metered(Bench(stores=wiring.stores_for(TENANT), outside=wiring.outside()))
    print("ready", flush=True)
    sys.stdin.readline()
    spent = Spent()
    measuring = replace(door, handle=measured(door.handle, meter, spent))
    poller = QueueJob(measuring, settings=local, sqs=sqs)
    poller.work()
    spent.forget()
    began = time.monotonic()
    while poller.work():
        pass
    told = {
        "messages": spent.messages,
        "calls": spent.calls,
        "cpu_s": spent.cpu_s,
        "wall_s": time.monotonic() - began,
        "write_units": spent.bill.write_units,
        "read_units": spent.bill.read_units,
        "requests": spent.bill.requests,
    }
    account.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
