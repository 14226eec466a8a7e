"""A mail inside another: found whatever client and language wrote it, and read field by field."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.forwards import read_forward
from chalicelib.domain.mail.message import Forwarded, Mailbox, Message
from chalicelib.domain.mail.parsing import parse_message

PAULA = Mailbox("paula@acme.test", "Paula Person")
SALLY = Mailbox("sally@northwind.test", "Sally Seller")

# Locale: the line above, then the labels of sender, date, subject, recipients, copies.
CLIENTS = {
    "ar": "رسالة معاد توجيهها|من|التاريخ|الموضوع|إلى|نسخة",
    "bg": "Препратено съобщение|От|Дата|Относно|До|Копие",
    "ca": "Missatge reenviat|De|Data|Assumpte|Per a|A/c",
    "cs": "Přeposlaná zpráva|Od|Datum|Předmět|Komu|Kopie",
    "da": "Videresendt meddelelse|Fra|Dato|Emne|Til|Cc",
    "de": "Weitergeleitete Nachricht|Von|Datum|Betreff|An|Kopie (CC)",
    "el": "Προωθημένο μήνυμα|Από|Ημερομηνία|Θέμα|Προς|Κοιν.",
    "en": "Forwarded message|From|Date|Subject|To|Cc",
    "es": "Mensaje reenviado|De|Fecha|Asunto|Para|CC",
    "et": "Edastatud kiri|Saatja|Kuupäev|Teema|Kellele|Koopia",
    "fi": "Välitetty viesti / Fwd.Msg|Lähettäjä|Päiväys|Aihe|Vastaanottaja|Kopio",
    "fr": "Message transféré|De|Envoyé|Objet|À|Copie à",
    "he": "הודעה שהועברה|מאת|תאריך|נושא|אל|עותק",
    "hr": "Proslijeđena poruka|Šalje|Datum|Predmet|Prima|Kopija",
    "hu": "Továbbított üzenet|Feladó|Dátum|Tárgy|Címzett|Másolat",
    "id": "Pesan diteruskan|Dari|Tanggal|Perihal|Kepada|Tembusan",
    "it": "Messaggio inoltrato|Mittente|Data|Oggetto|A|CC",
    "ja": "転送されたメッセージ|差出人|日時|件名|宛先|CC",
    "ko": "전달된 메시지|보낸 사람|날짜|제목|받는 사람|참조",
    "lt": "Persiųstas laiškas|Nuo|Data|Tema|Kam|Kopija",
    "nb": "Videresendt melding|Fra|Dato|Emne|Til|Kopi",
    "nl": "Doorgestuurd bericht|Van|Verzonden|Onderwerp|Aan|CC",
    "pl": "Treść przekazanej wiadomości|Nadawca|Data|Temat|Adresat|Kopia",
    "pt": "Mensagem reencaminhada|De|Data|Assunto|Para|Cc",
    "pt-br": "Mensagem encaminhada|De|Enviado|Assunto|Para|Cc",
    "ro": "Mesaj redirecționat|De la|Dată|Subiect|Către|CC",
    "ru": "Пересылаемое сообщение|От|Дата|Тема|Кому|Копия",
    "sk": "Preposlaná správa --- Forwarded Message|Od|Dátum|Predmet|Pre|Kópia",
    "sv": "Vidarebefordrat meddelande|Från|Skickat|Ämne|Till|Kopia",
    "th": "ข้อความที่ส่งต่อ|จาก|วันที่|เรื่อง|ถึง|สำเนา",
    "tr": "İletilen İleti|Kimden|Tarih|Konu|Kime|Bilgi",
    "uk": "Переслане повідомлення|Від|Дата|Тема|Кому|Копія",
    "vi": "Thư đã chuyển tiếp|Từ|Ngày|Chủ đề|Đến|Cc",
    "zh-cn": "转发的邮件|发件人|发送时间|主题|收件人|抄送",
    "zh-tw": "轉寄的郵件|寄件者|日期|主旨|收件者|副本",
}
# What Outlook for Mac writes above a mail that it forwards.
ATTRIBUTIONS = {
    "cs": "Dne 28/10/2021 12:46, Paula Person <paula@acme.test> napsal(a):",
    "da": 'D. 28/10/2021 12.46 skrev "Paula Person" <paula@acme.test>:',
    "de": 'Am 28/10/2021, 12:46 schrieb "Paula Person" <paula@acme.test>:',
    "en": 'On 28/10/2021 12:46, "Paula Person" <paula@acme.test> wrote:',
    "fi": "Paula Person <paula@acme.test> kirjoitti 28/10/2021 12.46:",
    "fr": "Le 28/10/2021 12:46, « Paula Person » <paula@acme.test> a écrit :",
    "hu": "28/10/2021 12:46 időpontban Paula Person <paula@acme.test> ezt írta:",
    "it": 'Il giorno 28/10/2021, 12:46 "Paula Person" <paula@acme.test> ha scritto:',
    "nb": "Paula Person <paula@acme.test> skrev følgende den 28/10/2021 12:46:",
    "nl": "Op 28/10/2021 12:46 heeft Paula Person <paula@acme.test> geschreven:",
    "pl": "Dnia 28/10/2021, 12:46 użytkownik „Paula Person” <paula@acme.test> napisał:",
    "ru": '28/10/2021, 12:46 пользователь "Paula Person" <paula@acme.test> написал:',
    "sk": "28/10/2021 12:46 používateľ Paula Person (<paula@acme.test>) napísal:",
    "sv": 'Den 28/10/2021 12:46 skrev "Paula Person" <paula@acme.test> följande:',
    "tr": '"Paula Person" <paula@acme.test>, 28/10/2021 12:46 tarihinde şunu yazdı:',
}


def forwarded(text: str, *, subject: str = "") -> Forwarded:
    found = read_forward(Body(text), subject=subject)
    assert found is not None
    return found


def block(locale: str) -> str:
    _, sender, date, subject, to, copies = CLIENTS[locale].split("|")
    return (
        f"{sender}: Paula Person <paula@acme.test>\n{date}: 2021-10-28 12:46\n"
        f"{subject}: Re: Forty chairs\n{to}: Sally Seller <sally@northwind.test>\n"
        f"{copies}: paula@acme.test, 'Seller, Sally' <sally@northwind.test>"
    )


def is_read_in_full(found: Forwarded) -> bool:
    assert found.from_ == PAULA
    assert found.to == (SALLY,)
    assert found.cc == (
        Mailbox("paula@acme.test"),
        Mailbox("sally@northwind.test", "Seller, Sally"),
    )
    assert found.subject == "Re: Forty chairs"
    assert found.date == "2021-10-28 12:46"
    assert found.dated_at == datetime(2021, 10, 28, 12, 46, tzinfo=UTC)
    assert found.body == "Can you do forty?\n\nPaula"
    assert found.text_above == "Please look."
    return True


@pytest.mark.parametrize("locale", CLIENTS)
def test_a_forward_is_read_in_every_language(locale: str) -> None:
    mark = CLIENTS[locale].split("|")[0]
    text = (
        f"Please look.\n\n-------- {mark} --------\n{block(locale)}\n\nCan you do forty?\n\nPaula"
    )

    found = forwarded(text)

    assert found.how == "separator"
    assert is_read_in_full(found)


@pytest.mark.parametrize("locale", CLIENTS)
def test_a_block_of_headers_alone_is_a_forward_in_every_language(locale: str) -> None:
    text = f"Please look.\n{'_' * 32}\n{block(locale)}\n\nCan you do forty?\n\nPaula"

    assert is_read_in_full(forwarded(text, subject="WG: Re: Forty chairs"))
    assert read_forward(Body(text), subject="AW: Forty chairs") is None
    assert read_forward(Body(text), subject="Forty chairs", is_in_reply=True) is None


def test_a_quoted_forward_ends_with_its_quotation() -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in block("en").split("\n"))
    text = (
        f"Please look.\n\nBegin forwarded message:\n\n{quoted}\n>\n"
        "> Can you do forty?\n>\n> Paula\n\nSee you"
    )

    assert is_read_in_full(forwarded(text))


@pytest.mark.parametrize("locale", ATTRIBUTIONS)
def test_where_the_subject_says_so_the_line_of_who_wrote_when_is_read(locale: str) -> None:
    text = f"\ufeffPlease look.\n\n{ATTRIBUTIONS[locale]}\n\n    Forty?\n\n    Paula"

    found = forwarded(text, subject="FW: Chairs")

    assert found.from_ == PAULA
    assert found.date.replace(".", ":") in {"28/10/2021 12:46", "28/10/2021, 12:46"}
    assert (found.how, found.subject) == ("attribution", "Chairs")
    assert (found.body, found.text_above) == ("Forty?\n\nPaula", "Please look.")
    assert read_forward(Body(text), subject="Re: Chairs") is None
    assert read_forward(Body(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Please look.",
        "From: my heart\nto yours",
        "the forwarded message\nFrom: p@a.test",
        "Phone: 123\nFax: 456\nSkype: paula",
        "On Monday at 10:00, Paula <paula@acme.test> wrote:\n> ---- Forwarded message ----\n> x",
        "---- Ours ----\nFrom: p@a.test",
        "",
    ],
)
def test_what_is_no_forward_is_left_alone(text: str) -> None:
    assert read_forward(Body(text)) is None


def test_who_wrote_when_may_name_no_address() -> None:
    found = forwarded("On 28/10/2021 12:46, Paula wrote:\n> Forty?", subject="Fwd: Chairs")

    assert found == Forwarded(how="attribution", subject="Chairs", body="Forty?")


def test_an_original_message_is_forwarded_unless_the_subject_says_that_it_is_answered() -> None:
    text = "Look.\n-----Original Message-----\nFrom: Paula <paula@acme.test>\n\nForty?"

    assert forwarded(text).from_ == Mailbox("paula@acme.test", "Paula")
    assert read_forward(Body(text), subject="RE: Chairs") is None


def test_headers_may_be_bold_wrapped_and_set_apart() -> None:
    text = (
        "----- Original Message -----\n*From:* Paula Person [mailto:paula@acme.test]\n\n"
        "*Sent:* Thursday, October 28, 2021 1:46 PM\n*To:* Sally <\nsally@northwind.test>,\n"
        "  p@a.test\n\n\n*Subject:* Forty chairs\nand tables\n*Importance:* High\n\nForty?"
    )

    found = forwarded(text)

    assert found.from_ == PAULA
    assert found.to == (Mailbox("sally@northwind.test", "Sally"), Mailbox("p@a.test"))
    assert found.subject == "Forty chairs and tables"
    assert found.dated_at == datetime(2021, 10, 28, 13, 46, tzinfo=UTC)
    assert found.body == "Forty?"


@pytest.mark.parametrize(
    "header",
    [
        (
            "  ----- Forwarded Message ----- From: Paula <p@a.test>To: s@n.test\n"
            "{date}Subject: {subject}"
        ),
        (
            "----- Forwarded Message -----\n"
            "From: Paula <p@a.test> To: s@n.test {date} Subject: {subject}\n"
        ),
        (
            "--- Forwarded Message ---\nFrom:\nPaula <p@a.test>\nTo:\ns@n.test\n{date}\n"
            "Subject:\n{subject}\n"
        ),
    ],
)
def test_headers_may_stand_on_one_line_or_above_their_values(header: str) -> None:
    date = "Sent: Thursday, 28 October 2021, 20:22:05 CEST"

    found = forwarded(f"{header.format(date=date, subject='Chairs: forty')}\nForty?")

    assert (found.from_, found.to) == (Mailbox("p@a.test", "Paula"), (Mailbox("s@n.test"),))
    assert (found.subject, found.body) == ("Chairs: forty", "Forty?")
    assert found.date == "Thursday, 28 October 2021, 20:22:05 CEST"


@pytest.mark.parametrize("body", ["Forty chairs.\n\nPaula", "Forty\nchairs,\nplease."])
def test_text_below_a_block_belongs_to_its_last_header_only_if_more_headers_follow(
    body: str,
) -> None:
    found = forwarded(f"---- Forwarded message ----\nFrom: p@a.test\nSubject: Chairs\n{body}")

    assert (found.subject, found.body) == ("Chairs", body)


def test_a_name_with_a_colon_is_no_header() -> None:
    found = forwarded(
        "---- Forwarded message ----\nFrom: p@a.test\nTo: Team A: Chairs <s@n.test>\n"
    )

    assert [each.address for each in found.to] == ["s@n.test"]


def test_names_without_addresses_are_kept() -> None:
    found = forwarded("-- Forwarded message --\nFrom: Paula Person\nTo: Sally; 'Pete'\nCc: ;\n\nx")

    assert found.from_ == Mailbox("", "Paula Person")
    assert found.to == (Mailbox("", "Sally"), Mailbox("", "Pete"))
    assert (found.cc, found.body) == ((), "x")


def test_a_forward_may_state_nothing() -> None:
    found = forwarded("Begin forwarded message:\nHello")

    assert found == Forwarded(how="separator", body="Hello")
    assert forwarded("Begin forwarded message:") == Forwarded(how="separator")
    assert forwarded("--- Forwarded message ---\n----\n\nHello").body == "----\n\nHello"
    assert forwarded("--- Forwarded message ---\n----").body == "----"


def test_a_block_may_stand_below_a_second_rule() -> None:
    found = forwarded("--- Forwarded message ---\n-----\n\nFrom: p@a.test\nTo: s@n.test\n\nx")

    assert (found.from_, found.body) == (Mailbox("p@a.test"), "x")
    assert forwarded("--- Forwarded message ---\n-----\nTo: all\n\nx").to == ()


def test_a_forward_of_a_forward_is_read_as_well() -> None:
    text = (
        "1\n---- Forwarded message ----\nFrom: a@x.test\nTo: b@x.test\n\n2\n\n"
        "Begin forwarded message:\n\n> From: c@x.test\n> To: d@x.test\n>\n> 3"
    )

    inside = forwarded(text).inside

    assert inside is not None
    assert (inside.from_, inside.text_above, inside.body) == (Mailbox("c@x.test"), "2", "3")
    assert inside.inside is None


def test_forwards_of_forwards_are_read_to_a_bound() -> None:
    found: Forwarded | None = forwarded("---- Forwarded message ----\nFrom: a@x.test\n\n" * 9)

    depth = 0
    while found is not None:
        found, depth = found.inside, depth + 1

    assert depth == 6


def test_an_attached_mail_says_it_best() -> None:
    raw = (
        b"Subject: Fwd: Chairs\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook.\n"
        b"--b\nContent-Type: message/rfc822\n\nFrom: Paula Person <paula@acme.test>\n"
        b"To: sally@northwind.test\nSubject: =?utf-8?q?St=C3=BChle?=\n"
        b"Date: Thu, 28 Oct 2021 12:46:00 +0200\n\nForty?\n--b--\n"
    )

    found = parse_message(raw).forwarded

    assert found is not None
    assert (found.how, found.from_, found.subject) == ("attached", PAULA, "Stühle")
    assert found.dated_at == datetime(2021, 10, 28, 10, 46, tzinfo=UTC)
    assert (found.body.strip(), found.text_above) == ("Forty?", "Look.")


def test_who_wrote_it_is_nobody_where_there_is_no_address() -> None:
    assert Message().forwarded_from == ()
    assert Message(forwarded=Forwarded(how="headers")).forwarded_from == ()
    assert Message(forwarded=Forwarded(how="headers", from_=PAULA)).forwarded_from == (PAULA,)
