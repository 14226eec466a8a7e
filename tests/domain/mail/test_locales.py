"""Quotations, forwards, dates and telephones' signatures in forty languages."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.forwards import read_forward
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.signatures import split_signature
from chalicelib.domain.mail.visible import read_visible
from chalicelib.domain.mail.written_dates import read_written_date
from tests.domain.mail.locales import LOCALES

SALLY = "Sally Seller <sally@n.test>"


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_is_quoted_below_who_wrote_when_is_not_new(language: str, mark: str) -> None:
    said = LOCALES[language].attribution.replace("SALLY", SALLY)

    visible = read_visible(Body(f"Forty.\n\n{said}\n{mark}How many?\n{mark}\n{mark}Sally\n"))

    assert visible.text == "Forty."


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("bold", ["", "*"])
def test_the_headers_of_an_answered_mail_are_not_new(language: str, bold: str) -> None:
    locale = LOCALES[language]
    values = (SALLY, locale.written, "Paula <paula@c.test>", "Forty chairs")
    headers = "\n".join(
        f"{bold}{label}:{bold} {value}" for label, value in zip(locale.labels, values, strict=True)
    )

    visible = read_visible(Body(f"Forty.\n\n{headers}\n\nHow many?"))

    assert visible.text == "Forty."


@pytest.mark.parametrize("language", LOCALES)
def test_a_forward_is_read_below_its_mark(language: str) -> None:
    locale = LOCALES[language]
    sender, sent, to, subject = locale.labels

    inside = read_forward(
        Body(
            f"See below.\n\n{locale.forward}\n{sender}: {SALLY}\n{sent}: {locale.written}\n"
            f"{subject}: Forty chairs\n{to}: Paula <paula@c.test>\n\nHow many?"
        )
    )

    assert inside is not None
    assert inside.how == "separator"
    assert inside.from_ == Mailbox("sally@n.test", "Sally Seller")
    assert inside.to == (Mailbox("paula@c.test", "Paula"),)
    assert (inside.subject, inside.date) == ("Forty chairs", locale.written)
    assert (inside.text_above, inside.body) == ("See below.", "How many?")


@pytest.mark.parametrize("language", LOCALES)
def test_a_forward_is_read_by_its_headers_alone(language: str) -> None:
    locale = LOCALES[language]
    sender, sent, to, subject = locale.labels

    inside = read_forward(
        Body(
            f"{sender}: {SALLY}\n{sent}: {locale.written}\n{to}: Paula <paula@c.test>\n"
            f"{subject}: Forty chairs\n\nHow many?"
        ),
        subject="Fwd: Forty chairs",
    )

    assert inside is not None
    assert (inside.from_, inside.body) == (Mailbox("sally@n.test", "Sally Seller"), "How many?")


@pytest.mark.parametrize("language", LOCALES)
def test_a_subject_that_says_forward_makes_the_attribution_a_forward(language: str) -> None:
    said = LOCALES[language].attribution.replace("SALLY", SALLY)

    inside = read_forward(Body(f"See below.\n\n{said}\n> How many?"), subject="Fwd: Chairs")

    assert inside is not None
    assert inside.from_ is not None
    assert (inside.from_.address, inside.body) == ("sally@n.test", "How many?")


@pytest.mark.parametrize("language", LOCALES)
def test_a_date_is_read_in_the_language_of_the_client(language: str) -> None:
    locale = LOCALES[language]
    on = locale.on

    assert read_written_date(locale.written) == datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


@pytest.mark.parametrize("language", LOCALES)
def test_a_telephone_signs_in_its_language(language: str) -> None:
    sent_from = LOCALES[language].sent_from

    assert split_signature(f"Forty.\n\n{sent_from}") == ("Forty.", sent_from)


def test_a_forward_inside_a_forward_is_read_in_its_own_language() -> None:
    german, japanese = LOCALES["de"], LOCALES["ja"]

    inside = read_forward(
        Body(
            f"{german.forward}\nVon: Paula <paula@c.test>\nBetreff: x\n\nSiehe unten\n\n"
            f"{japanese.forward}\n差出人: {SALLY}\n件名: 椅子\n\n四十"
        )
    )

    assert inside is not None
    assert inside.inside is not None
    assert (inside.inside.from_, inside.inside.subject, inside.inside.body) == (
        Mailbox("sally@n.test", "Sally Seller"),
        "椅子",
        "四十",
    )
