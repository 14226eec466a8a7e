"""Real mails, read as the files beside them say."""

import json
from pathlib import Path

import pytest

from chalicelib.domain.mail.parsing import parse_message
from tests.corpus.golden import CORPUS, MAILS, as_json


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_mail_is_read_as_the_corpus_says(mail: Path) -> None:
    expected = json.loads(mail.with_suffix(".expected.json").read_text())

    assert as_json(parse_message(mail.read_bytes())) == expected


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_mail_cut_short_or_with_other_line_ends_is_read_as_well(mail: Path) -> None:
    raw = mail.read_bytes()
    unix = raw.replace(b"\r\n", b"\n")

    for tenth in range(10):
        parse_message(raw[: len(raw) * tenth // 10])
    for line_end in (b"\r", b"\r\n"):
        assert parse_message(unix.replace(b"\n", line_end)).subject == parse_message(unix).subject


def test_every_mail_of_the_corpus_names_its_source() -> None:
    sources = (CORPUS / "SOURCES.md").read_text()

    assert [mail.name for mail in MAILS if mail.name not in sources] == []
