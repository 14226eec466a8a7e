"""An AWS that several threads may use at once: ministack in a process of its own.

moto loses updates of threads; whatever races in a test races here.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

START_S: Final = 60
STOP_S: Final = 30


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Run ministack on a free port until the block ends; yield its URL. It logs into `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=os.environ | settings, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield url
        finally:
            process.terminate()
            process.wait(STOP_S)


def _wait_for(url: str) -> None:
    client = boto3.client(
        "sts",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    until = time.monotonic() + START_S
    while True:
        try:
            client.get_caller_identity()
        except (BotoCoreError, ClientError):
            assert time.monotonic() < until, "ministack does not start"
            time.sleep(0.2)
        else:
            client.close()
            return
