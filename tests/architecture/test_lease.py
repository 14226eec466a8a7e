"""A worker that may still be talking to SES must not be taken for dead."""

import json
from datetime import timedelta

from chalicelib.domain.sequences.ledger import LEASE_FOR
from chalicelib.entry.wiring import SES_CONNECT_TIMEOUT_S, SES_READ_TIMEOUT_S
from tests.architecture.house import ROOT


def test_the_lease_outlasts_the_function_and_its_call_to_ses() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    function_s = config["lambda_functions"]["due_enrollments"]["lambda_timeout"]

    longest = timedelta(seconds=function_s + SES_CONNECT_TIMEOUT_S + SES_READ_TIMEOUT_S)

    assert longest < LEASE_FOR
