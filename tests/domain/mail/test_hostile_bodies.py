"""No body makes its readers raise, or takes them longer than its length."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.bounce_prose import named_in_prose, says_failure
from chalicelib.domain.mail.forwards import read_forward
from chalicelib.domain.mail.people import people_in, sender_of
from chalicelib.domain.mail.phrases import says_answer, says_forward, without_mark
from chalicelib.domain.mail.signatures import is_only_signature, split_signature
from chalicelib.domain.mail.visible import read_visible
from chalicelib.domain.mail.written_dates import read_written_date

SCRAPS = st.sampled_from(
    [
        "On Mon, 1 Jan 2020 at 10:00, ",
        "Sally <s@n.test>",
        " wrote:",
        "> ",
        ">> ",
        "\n",
        "\n\n",
        "schrieb ",
        "写道：",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "From: ",
        "差出人：",
        "To: ",
        "Sent: ",
        "Subject: ",
        "*",
        "[mailto:",
        "]",
        "<",
        "(http://",
        "-- ",
        "___________________________",
        "Thanks,",
        "Best regards,",
        "Sent from my iPhone",
        "/Anna",
        "- x",
        "\ufeff",
        "could not be delivered",
        "a@b.test",
        "2021-13-45",
        "31.12.9999 23:59:60 GMT-23",
        "\x00",
        "\u0130",
    ]
)
BODIES = st.lists(st.one_of(SCRAPS, st.text(max_size=6)), max_size=60).map("".join)

READERS: dict[str, Callable[[str], object]] = {
    "new text": lambda text: read_visible(Body(text)),
    "new text of html": lambda text: read_visible(Body(text, is_html=True)),
    "forward": lambda text: read_forward(Body(text)),
    "forward by its subject": lambda text: read_forward(Body(text), subject="Fwd: x"),
    "signature": split_signature,
    "bounce": lambda text: named_in_prose(text, text.encode("utf-8", "replace"), ours=()),
    "people": lambda text: (people_in(text), sender_of(text)),
    "date": read_written_date,
}
SIZE = 2_000
PATTERNS = {
    "an address without end": "a@",
    "an address without host": "x" * 60 + "@",
    "brackets": "<",
    "quote marks": "> ",
    "quoted lines": ">\n",
    "an intro": "On ",
    "intros with dates": "On Mon, 1 Jan 2020 10:00\n",
    "intros left open": "On Mon, 1 Jan 2020 10:00 a <\n",
    "verbs": "wrote:\n",
    "verbs in Chinese": "写道：\n",
    "verbs on one line": "On a@b.c 10:00 2020 wrote: ",
    "senders": "From: a@b.test\n",
    "senders and text": "From: a@b.test\nx\n",
    "headers on one line": "From: a@b To: b@c ",
    "headers set apart": "From: a@b\n\nTo: b@c\n\nDate: 1\n\n",
    "headers left open": "From: a@b\nTo: <\nx\n",
    "colons": ":",
    "wide colons": "\N{FULLWIDTH COLON}",
    "digits": "1",
    "numbers": "1.",
    "days": "1 a ",
    "dashes": "-",
    "short rules": "--\n",
    "rules": "-----\n\n",
    "names": "- a\n",
    "letters": "a",
    "links": "> (http://\nx\n",
    "forwards": "---- Forwarded message ----\n",
    "forwards with a sender": "Begin forwarded message:\n> From: a@b\n",
    "thanks": "Thanks\n",
    "telephones": "Sent from my iPhone\n",
    "nothing visible": "\u200b",
    "hard spaces": "\N{NO-BREAK SPACE}",
    "spaces": " ",
    "line ends": "\n",
    "stars": "*",
    "broken addresses": "On 1 Jan 2020, a <\n\n> wrote\n",
    "months": "1 Jan ",
    "years": "2021-1",
    "phrases": "could not be delivered ",
}


@given(BODIES)
def test_no_body_makes_a_reader_raise(text: str) -> None:
    for read in READERS.values():
        read(text)
    says_failure(text)
    is_only_signature(text.split("\n"))


@given(BODIES)
def test_new_text_and_signature_are_taken_from_the_body(text: str) -> None:
    text = text.replace("\x00", "")

    visible = read_visible(Body(text))

    lines = set(text.split())
    assert {word for word in visible.signature.split() if "-" not in word} <= lines | {""}
    assert bool(visible.text) or bool(visible.signature) or not text.strip()


@given(st.text(max_size=40))
def test_a_subject_is_forwarded_answered_or_neither(subject: str) -> None:
    assert not (says_forward(subject) and says_answer(subject))
    assert without_mark(subject) in subject


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hostile_body_is_read_in_time(pattern: str) -> None:
    unit = PATTERNS[pattern]
    text = (unit * SIZE)[:SIZE]

    slow = {name: _best(read, text) for name, read in READERS.items()}

    assert {name: spent for name, spent in slow.items() if spent > 0.05} == {}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_body_eight_times_as_long_takes_no_more_than_its_length(pattern: str) -> None:
    text = (PATTERNS[pattern] * SIZE)[: SIZE * 8]

    slow = {name: _best(read, text) for name, read in READERS.items()}

    assert {name: spent for name, spent in slow.items() if spent > 0.4} == {}


def _best(read: Callable[[str], object], text: str) -> float:
    """The better of two runs: the processor is shared."""
    spent: list[float] = []
    for _ in range(2):
        begun = time.process_time()
        read(text)
        spent.append(time.process_time() - begun)
    return min(spent)
