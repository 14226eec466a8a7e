"""What somebody newly wrote, and whose mail is inside."""

import pytest

from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.visible import visible_text


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Yes.", "Yes."),
        ("Yes.\n\nOn Monday Sally wrote:\n> Chairs?\n> Yes?", "Yes."),
        ("Yes.\n\nOn Monday at 10:00\nSally <s@n.test>\nwrote:\n\n> Chairs?", "Yes."),
        ("Ja.\n\nAm Montag schrieb Sally:\n> Stuhl?", "Ja.\n\nAm Montag schrieb Sally:"),
        ("Ja.\n\nAm Montag, Sally Seller schrieb:\n> Stuhl?", "Ja."),
        ("Oui.\n\nLe lundi, Sally a écrit :\n> Chaises ?", "Oui."),
        ("Yes.\n\nsally@n.test wrote:\n> Chairs?", "Yes."),
        ("On Monday Sally wrote:\n> Chairs?\nYes.\n> Tables?\nNo.", "Yes.\nNo."),
        ("Yes.\n-----Original Message-----\nFrom: Sally", "Yes."),
        ("Yes.\n________________________________\nFrom: Sally", "Yes."),
        ("Yes.\n____\nSally", "Yes.\n____\nSally"),
        ("Yes.\n\nFrom: Sally\nSent: Monday\nTo: Paula\nSubject: Chairs\n\nOld", "Yes."),
        ("Ja.\n\nVon: Sally\nGesendet: Montag\nAn: Paula\nBetreff: x\n\nAlt", "Ja."),
        ("From: my heart\nto yours", "From: my heart\nto yours"),
        ("On the other hand,\n\nno.", "On the other hand,\n\nno."),
        ("On and on\nand on\nand on\nand on", "On and on\nand on\nand on\nand on"),
        ("On x\n> y", "On x"),
        ("> only quoted", "> only quoted"),
        ("", ""),
    ],
)
def test_what_is_quoted_is_left_out(text: str, expected: str) -> None:
    assert visible_text(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Look\n---------- Forwarded message ---------\nFrom: P <p@a.test>\n", ("p@a.test", "P")),
        ("Begin forwarded message:\n\n> From: P <p@a.test>\n> Subject: x", ("p@a.test", "P")),
        ("-----Ursprüngliche Nachricht-----\nVon: p@a.test\n", ("p@a.test", "")),
        ("-------- Original Message --------\n*From:* P <p@a.test>\n", ("p@a.test", "P")),
    ],
)
def test_the_sender_inside_a_forward_is_found(text: str, expected: tuple[str, str]) -> None:
    message = parse_message(b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode())

    assert message.forwarded_from == (Mailbox(*expected),)


@pytest.mark.parametrize(
    "text",
    [
        "From: p@a.test",
        "the forwarded message\nFrom: p@a.test",
        "---- Forwarded message\nTo: p@a.test",
        "---- Forwarded message\nFrom: nobody",
    ],
)
def test_where_it_is_not_plain_nobody_is_named(text: str) -> None:
    assert parse_message(b"Subject: x\n\n" + text.encode()).forwarded_from == ()
