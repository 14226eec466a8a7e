"""What somebody newly wrote, without what they quote and without their signature."""

import pytest

from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.parsing import parse_message
from chalicelib.domain.mail.visible import Visible, read_visible, visible_text


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
    "intro",
    [
        "On Wed, Sep 25, 2013, at 03:57 PM, sally_seller wrote:",
        "On 2021-10-16 at 17:02 , Sally <\nsally@n.test>\nwrote:",
        "On Tue, Apr 11, 2017 at 10:07 PM Sally\n\n<\nmailto:Sally <sally@n.test>\n> wrote:",
        "Le 23 janv. 2015 à 22:03, Sally <s@n.test<mailto:s@n.test>> a écrit :",
        "El jueves, 21 de noviembre de 2013, Sally <s@n.test> escribió:",
        "Il giorno gio 3 nov 2021 alle ore 10:00 Sally <s@n.test> ha scritto:",
        "Am So., 1. Jan. 2023 um 17:22 Uhr schrieb Sally <\ns@n.test>:",
        "Op 17-feb.-2015, om 13:18 heeft Sally <s@n.test> het volgende geschreven:",
        "Op 13-02-2014 3:18 schreef Sally <s@n.test>:",
        "På 14 september 2015 på 02:23:18, Sally (s@n.test) skrev:",
        "Den 24. nov. 2025 kl. 10.00 skrev Sally <s@n.test>:",
        "ons 4 dec. 2024 kl. 20:42 skrev Sally <s@n.test>:",
        "Sally <s@n.test> kirjoitti 28.10.2021 kello 12.46:",
        "W dniu 28 stycznia 2015 01:53 użytkownik Sally <s@n.test>\nnapisał:",
        "čt 4. 11. 2021 v 10:00 odesílatel Sally <s@n.test> napsal:",
        "Em seg, 27 de jul de 2015 17:13, Sally <s@n.test> escreveu:",
        "ср, 1 апр. 2015 г. в 18:29, Sally <s@n.test>:",
        "30 серп. 2016 р. 20:45 Sally s@n.test пише:",
        "Vào 14:24 8 tháng 6, 2017, Sally <s@n.test> đã viết:",
        "2022年1月1日(金) 9:00 Sally <s@n.test>:",
        "在 2021年10月28日,12:46,Sally <s@n.test> 写道:",
        "2021년 10월 28일 오후 12:46, Sally <s@n.test>님이 작성:",
        "2014-10-17 11:28 GMT+03:00 Sally <\ns@n.test>:",
        "Sent from Samsung Mobile <s@n.test> wrote:",
        "-----On 12/29/1987 17:32 PM, Sally Seller wrote-----",
        "-----Original Message-----",
        "Begin forwarded message:",
        "From: Sally [mailto:s@n.test]\nSent: Monday, November 26, 2012\nTo: Paula\nSubject: x",
        "Date: Wed, 16 May 2012 00:15:02 -0600\nTo: paula@a.test",
        "*From:* s@n.test\n*Date:* 2012-01-01\n*To:* p@a.test",
    ],
)
def test_what_a_client_writes_above_an_old_mail_ends_the_new_one(intro: str) -> None:
    assert visible_text(f"Yes.\n\n{intro}\n\nChairs?\n\nSally") == "Yes."


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Yes.\n---- Sally wrote ----\n\n> Chairs?", "Yes."),
        ("Yes.\n2011/4/7 Sally <s@n.test>\n\n>  Chairs?", "Yes."),
        ("Yes. On Wed, Apr 4, 2012 at 3:59 PM, s@n.test wrote:\n> Chairs?", "Yes."),
        ("Yes--- On Wed, Apr 4, 2012 at 3:59 PM, s@n.test wrote:\n> Chairs?", "Yes"),
        ("I know what on Monday she wrote: nothing. Period:", None),
        ("At 10:30 we meet.\nIt says:\n40 chairs", None),
        ("a@b.test\n2012\n\nis what I wrote", None),
        ("I wrote this on 3/4/2012:\nforty chairs", "I wrote this on 3/4/2012:\nforty chairs"),
        ("She said wrote\n\n\n\n\n\n> x\nyes", "She said wrote\n\n\n\n\n\nyes"),
        ("Came On May, yes, and On June, no:\nx", None),
        (f"On 1 May 2012 {'x' * 500} wrote:\ny", None),
        ("On 1 May we met\n> x wrote:\nyes", "On 1 May we met\nyes"),
        (">>> look <<<\nhere", None),
        ("See\n>>> >>>  http://n.test <<<\nabove", None),
        ("Yes.\n\nOn 1 May 2012 at 10:00, Sally wrote:\n> a (http://n.test/\nb) >\n> c", "Yes."),
        ("Yes.\n\nOn 1 May 2012 at 10:00, Sally wrote:\n> a\n(http://n.test/b)\n> c", "Yes."),
        ("Yes.\n\nOn 1 May 2012 at 10:00, Sally wrote:\n> a\n\n-- \nPaula", "Yes."),
        ("On 1 May 2012 at 10:00, Sally wrote:\n> a\n\n-- \nPaula", "-- \nPaula"),
        ("On 1 May 2012 at 10:00, Sally wrote:\n> a\n", None),
        ("Yes.\n_____________________\nSally", "Yes."),
        ("Yes.\n-----\n\nno block", None),
        ("Yes.\n-----", None),
    ],
)
def test_only_what_is_plainly_quoted_is_left_out(text: str, expected: str | None) -> None:
    assert visible_text(text) == (text.strip() if expected is None else expected)


def test_the_signature_is_set_apart() -> None:
    text = "Yes.\n\nRegards,\nPaula\n\nOn 1 May 2012 at 10:00, Sally wrote:\n> Chairs?"

    assert read_visible(Body(text)) == Visible("Yes.", "Regards,\nPaula")


def test_what_lies_beyond_the_lines_that_are_looked_at_is_shown_unless_it_is_quoted() -> None:
    long = "\n".join(["word"] * 5000)
    quoted = "\n".join(["On 1 May 2012 at 10:00, Sally wrote:"] + ["word"] * 5000)

    assert visible_text(f"{long}\n> beyond").endswith("> beyond")
    assert visible_text(f"Yes.\n{quoted}\nbeyond") == "Yes."
    assert visible_text(f"Yes.\n-----Original Message-----\n{quoted}\nbeyond") == "Yes."


def test_only_so_many_lines_get_a_closer_look() -> None:
    text = "At 10:00 and so on:\n" * 400 + "On 1 May 2012 at 10:00, Sally wrote:\nChairs?"

    assert visible_text(text) == text
    assert visible_text("Date: 1\n\n" * 400 + "From: a@b.test\nDate: 1\n\nx").endswith("x")


@pytest.mark.parametrize(
    "html, expected",
    [
        ("<div>Yes.</div><blockquote>Chairs?</blockquote>", "Yes."),
        ("<p>Hello.</p><blockquote>Hall 4</blockquote><p>Bye</p>", "Hello.\n\nHall 4\n\nBye"),
        ("<blockquote>Chairs?</blockquote><p>Yes.</p>", "Yes."),
        ("<blockquote>Chairs?</blockquote>", "> Chairs?"),
        (
            "Yes.<br>On 1 May 2012 at 10:00, Sally wrote:<blockquote>Chairs?</blockquote>Bye.",
            "Yes.\nBye.",
        ),
        (
            "<p>Ja.</p><hr><b>From:</b> s@n.test<br><b>Sent:</b> 1 May 2012<br><b>To:</b> p@a.test",
            "Ja.",
        ),
    ],
)  # fmt: skip
def test_html_is_read_by_the_same_rules(html: str, expected: str) -> None:
    message = parse_message(f"Content-Type: text/html\n\n{html}".encode())

    assert message.visible_text == expected
