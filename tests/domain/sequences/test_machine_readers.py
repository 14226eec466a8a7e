"""Who opened a mail: a person, or a program that looks before anybody reads."""

from datetime import timedelta

import pytest

from chalicelib.domain.sequences.machine_readers import is_machine

LATER = timedelta(minutes=20)
HERE = "192.0.2.7"


@pytest.mark.parametrize(
    "agent, address, since",
    [
        ("Thunderbird", HERE, timedelta(seconds=1)),
        ("Mozilla/5.0", HERE, LATER),
        ("BarracudaCentral/1.0", HERE, LATER),
        ("python-requests/2.31", HERE, LATER),
        ("Mozilla/5.0 (X11) HeadlessChrome/120", HERE, LATER),
        ("Thunderbird", "17.58.1.1", LATER),
        ("Thunderbird", "17.58.1.1", None),
    ],
)
def test_programs_are_known(agent: str, address: str, since: timedelta | None) -> None:
    assert is_machine(agent=agent, address=address, since_sent=since)


@pytest.mark.parametrize(
    "agent, address",
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", HERE),
        ("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "66.249.84.1"),
        ("Microsoft Outlook 16.0", "40.107.0.1"),
        ("", ""),
        ("Thunderbird", "2001:db8::1"),
    ],
)
def test_people_count(agent: str, address: str) -> None:
    assert not is_machine(agent=agent, address=address, since_sent=LATER)
