"""A worker leaves time between its mails, so that all workers together stay below SES's rate."""

import time

import boto3
import pytest

from chalicelib.gateways.mailer import SesMailer


@pytest.mark.parametrize("every_ms, at_least_s", [(0, 0.0), (60, 0.12)])
@pytest.mark.usefixtures("table")
def test_the_first_mail_leaves_at_once_and_each_next_one_after_its_time(
    every_ms: int, at_least_s: float
) -> None:
    ses = boto3.client("sesv2")
    ses.create_email_identity(EmailIdentity="northwind.test")
    mailer = SesMailer(ses, configuration_set="set", region="eu-central-1", every_ms=every_ms)
    mime = b"From: sally@northwind.test\r\nTo: paula@acme.test\r\nSubject: Hi\r\n\r\nHi\r\n"
    begun = time.monotonic()

    for _ in range(3):
        mailer.send(
            mime=mime, sender="sally@northwind.test", recipients=["paula@acme.test"], tags={}
        )

    assert time.monotonic() - begun >= at_least_s
