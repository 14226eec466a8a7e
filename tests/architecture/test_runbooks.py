"""Whoever is woken by an alarm finds what to do: every alarm has its section in a runbook."""

import re
from typing import Final

from tests.architecture.house import ROOT
from tests.architecture.plot import of_type

RUNBOOKS: Final = ROOT / "docs" / "runbooks"
INDEX: Final = RUNBOOKS / "README.md"
PAGES: Final = sorted(each for each in RUNBOOKS.glob("*.md") if each != INDEX)
ALARMS: Final = sorted(of_type("AWS::CloudWatch::Alarm"))
_NAMES_AN_ALARM: Final = re.compile(r"^## ((?:[A-Z][a-z]+){2,})$", re.MULTILINE)


def test_every_alarm_has_one_section_and_no_section_is_about_an_alarm_that_is_gone() -> None:
    sections = [name for page in PAGES for name in _NAMES_AN_ALARM.findall(page.read_text())]

    assert sorted(sections) == ALARMS


def test_the_index_leads_to_every_page_and_says_which_alarms_it_is_about() -> None:
    rows = [row.split("|") for row in INDEX.read_text().splitlines() if "](" in row]
    told = {
        match[1]: [name for name in row[2].replace(",", " ").split() if name in ALARMS]
        for row in rows
        if len(row) > 2 and (match := re.search(r"\]\(([a-z-]+\.md)\)", row[1]))
    }

    assert told == {page.name: _NAMES_AN_ALARM.findall(page.read_text()) for page in PAGES}
