"""What is new in the HTML of the clients people use, in languages nobody thought of."""

import pytest

from chalicelib.domain.mail.client_marks import marked
from chalicelib.domain.mail.parsing import parse_message

GEORGIAN = "ოთხშაბათი, 22 ივლისი"
QUOTED = {
    "Gmail": (
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">' + GEORGIAN + " სალი<br></div>"
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Old words</blockquote></div>'
    ),
    "Gmail before 2018": (
        '<div class="gmail_extra"><br><div class="gmail_quote">' + GEORGIAN + " სალი წერს:<br>"
        '<blockquote class="gmail_quote">Old words</blockquote></div></div>'
    ),
    "Outlook on the web": (
        '<hr tabindex="-1" style="width:98%"><div id="divRplyFwdMsg" dir="ltr">'
        "<b>ვისგან:</b> სალი<br></div><div>Old words</div>"
    ),
    "Outlook.com of old": '<hr id="ecxstopSpelling">სალი<br><br>Old words',
    "Outlook on a desk": (
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p><b>ვისგან:</b> Sally &lt;s@n.test&gt;<br><b>გაგზავნილი:</b> 22.07.2026<br>"
        "<b>ვის:</b> Paula<br><b>თემა:</b> x</p></div><p>Old words</p>"
    ),
    "Outlook on a telephone": (
        '<div id="mail-editor-reference-message-container"><div>სალი</div>Old words</div>'
    ),
    "Outlook on a Mac": (
        '<span id="OLK_SRC_BODY_SECTION"><div><span>ვისგან: </span>სალი</div>Old words</span>'
    ),
    "Thunderbird": (
        '<div class="moz-cite-prefix">' + GEORGIAN + " სალი:<br></div>"
        '<blockquote type="cite" cite="mid:1@n.test">Old words</blockquote>'
    ),
    "Apple Mail": (
        '<div><br><blockquote type="cite"><div>On 22 Jul 2026, at 10:00, Sally '
        "&lt;s@n.test&gt; wrote:</div><br><div>Old words</div></blockquote></div>"
    ),
    "Yahoo": (
        '<div id="ydp4d3cf9d9yahoo_quoted_7" class="ydp4d3cf9d9yahoo_quoted"><div>'
        + GEORGIAN
        + " სალი</div><div>Old words</div></div>"
    ),
    "GMX": (
        '<div name="quote" style="border-left:2px solid #C3D9E5;"><div><b>გაგზავნა:</b> x</div>'
        '<div name="quoted-content">Old words</div></div>'
    ),
    "Proton": (
        '<div class="protonmail_quote">' + GEORGIAN + " სალი<br>"
        '<blockquote class="protonmail_quote" type="cite">Old words</blockquote></div>'
    ),
    "Zoho": (
        '<div class="zmail_extra_hr"></div><div class="zmail_extra" data-zbluepencil-ignore="true">'
        '<div>---- სალი ----</div><blockquote id="blockquote_zmail">Old words</blockquote></div>'
    ),
    "Zimbra": '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="x">x</div>Old words',
    "QQ": (
        '<div>------------- Original -------------</div><div id="isReplyContent">Old words</div>'
    ),
    "Airmail": (
        '<p class="airmail_on">' + GEORGIAN + " სალი</p>"
        '<blockquote type="cite" class="clean_bq">Old words</blockquote>'
    ),
    "Spark": '<div name="messageReplySection">' + GEORGIAN + ", სალი<br>Old words</div>",
}


def a_body(html: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()


@pytest.mark.parametrize("client", QUOTED)
def test_a_client_says_itself_what_it_quotes(client: str) -> None:
    message = parse_message(a_body(f"<html><body><div>Yes, forty.</div>{QUOTED[client]}</body>"))

    assert message.visible_text == "Yes, forty."
    assert "Old words" in message.text
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in message.text + message.html)


@pytest.mark.parametrize("client", QUOTED)
def test_a_body_of_nothing_but_what_is_quoted_is_shown(client: str) -> None:
    message = parse_message(a_body(QUOTED[client]))

    assert "Old words" in message.visible_text


def test_answers_between_the_lines_are_shown() -> None:
    message = parse_message(
        a_body(
            '<div class="gmail_quote"><div class="gmail_attr">' + GEORGIAN + "</div>"
            '<blockquote class="gmail_quote">Chairs?</blockquote><div>Forty.</div>'
            '<blockquote class="gmail_quote">Tables?</blockquote><div>None.</div></div>'
        )
    )

    assert message.visible_text.split() == ["Forty.", "None."]


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature">Paula<br>Customer Ltd</div>',
        '<div class="moz-signature">Paula<br>Customer Ltd</div>',
        '<div id="x_Signature"><p>Paula<br>Customer Ltd</p></div>',
        '<div id="ms-outlook-mobile-signature">Paula<br>Customer Ltd</div>',
    ],
)
def test_a_client_says_itself_where_the_signature_begins(signature: str) -> None:
    message = parse_message(a_body(f"<div>Yes, forty.</div>{signature}{QUOTED['Gmail']}"))

    assert (message.visible_text, message.signature) == ("Yes, forty.", "Paula\nCustomer Ltd")


def test_a_rule_without_headers_below_it_hides_nothing() -> None:
    message = parse_message(a_body('<p>One</p><hr tabindex="-1"><p>Two</p>'))

    assert message.visible_text == "One\n\nTwo"


def test_preformatted_lines_stay_lines() -> None:
    message = parse_message(a_body("<pre>Yes.\nFrom: s@n.test\nTo: p@c.test\nDate: 1\n\nOld</pre>"))

    assert message.visible_text == "Yes."


def test_private_letters_of_a_stranger_mark_nothing() -> None:
    message = parse_message(a_body("<p>Yes</p><p>\ue0f0forty</p>"))

    assert message.visible_text == "Yes\n\nforty"


@pytest.mark.parametrize("unit", ["<div class=", "<div id=x ", '<div class="gmail_quote">', "< a"])
def test_marking_takes_no_more_than_the_length(unit: str) -> None:
    assert len(marked(unit * 20_000)) <= len(unit) * 20_000 + 20_000
