"""When somebody who is away says they will be back."""

from datetime import date

import pytest

from chalicelib.domain.mail.absences import read_return_date
from chalicelib.domain.mail.message import Message

RECEIVED_ON = date(2026, 7, 22)
"""A Wednesday."""
TENTH = date(2026, 8, 10)
"""A Monday."""


def a_note(text: str) -> Message:
    return Message(subject="Re: Forty chairs", text=text)


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office and will be back on Monday, August 10.",
        "I am on vacation until August 10th, 2026. Best",
        "I'm out of office from July 20 through August 9.",
        "I will be back 2026-08-10.",
        "Away 20 July - 7 August, returning on the 10th of August",
        "Jag är på semester och är tillbaka måndag den 10 augusti.",
        "Jag är ledig t.o.m. 9 augusti.",
        "Jeg er på ferie og er tilbake 10. august.",
        "Jeg er på kontoret igen den 10. august.",
        "Jeg er tilbage igen mandag den 10/8.",
        "Olen lomalla 9.8. asti.",
        "Olen lomalla. Palaan töihin 10.8.2026.",
        "Poissa 20.7.-9.8. Palaan maanantaina.",
        "Ich bin bis zum 9. August 2026 nicht im Büro.",
        "Ich bin ab dem 10.08.2026 wieder erreichbar.",
        "Ich bin vom 20.07. bis 09.08.2026 im Urlaub.",
        "Ik ben op 10 augustus weer aanwezig.",
        "Ik ben afwezig t/m 9 augustus.",
        "Je serai de retour le lundi 10 août 2026.",
        "Je suis absent du 20 juillet au 9 août inclus.",
        "Estaré fuera de la oficina hasta el 9 de agosto.",
        "Vuelvo el 10 de agosto de 2026.",
        "Estarei de férias até 9 de agosto.",
        "Regresso no dia 10 de agosto.",
        "Sono in ferie fino al 9 agosto.",
        "Rientrerò lunedì 10 agosto.",
        "Jestem na urlopie do 9 sierpnia 2026.",
        "Wracam 10 sierpnia.",
    ],
)
def test_the_first_day_back_is_read(text: str) -> None:
    assert read_return_date(a_note(text), received_on=RECEIVED_ON) == TENTH


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Ich bin am Montag wieder da.", date(2026, 7, 27)),
        ("I'll be back on Wednesday.", date(2026, 7, 29)),
        ("Je suis de retour demain.", date(2026, 7, 23)),
        ("I am away until and including 31 December", date(2027, 1, 1)),
        ("Back on 3 January", date(2027, 1, 3)),
        ("I will be back on 8/24", date(2026, 8, 24)),
    ],
)
def test_the_day_of_arrival_tells_what_is_left_out(text: str, expected: date) -> None:
    assert read_return_date(a_note(text), received_on=RECEIVED_ON) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I am away. Call me at 10:30.",
        "Thank you for your mail, we answer within 2 days.",
        "I will return on 8/9/2026",
        "I was back on 1 July.",
        "I will be back on 10 August 2031.",
        "Ich bin bis zum 31.02. weg.",
        "Our shop is open from 9 to 17.",
    ],
)
def test_what_is_not_beyond_doubt_is_no_date(text: str) -> None:
    assert read_return_date(a_note(text), received_on=RECEIVED_ON) is None
