"""What the header lines inside a body are called, in the languages mail clients write.

`From:`, `Von:`, `差出人:` mean one thing. A label is a fact about a client, so the words stand here
as data, and everything that reads a header block looks them up.
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Label(StrEnum):
    """What a header line of a quoted or forwarded mail says."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    DATE = "date"
    REPLY_TO = "reply_to"


_WORDS: Final[Mapping[Label, str]] = {
    Label.FROM: (
        "from|von|de|da|van|från|fra|frá|lähettäjä|od|nadawca|expéditeur|mittente|remetente|"
        "remitente|absender|afzender|avsändare|šalje|pošiljatelj|feladó|expeditorul|expeditor|"
        "de la|kimden|gönderen|от|отправитель|від|від кого|saatja|nuo|no|sūtītājs|siuntėjas|από|"
        "αποστολέας|од|пошиљалац|dari|pengirim|từ|người gửi|จาก|ผู้ส่ง|发件人|寄件者|寄件人|"
        "發件人|送件者|差出人|送信者|送信元|보낸 사람|보낸사람|발신자|발신|من|المرسل|מאת|"
        "odesílatel|odosielateľ|от кого|adresant|emetteur|émetteur|de parte de"
    ),
    Label.TO: (
        "to|an|à|a|para|per|pour|aan|till|til|vastaanottaja|do|adresat|komu|pre|prima|za|címzett|"
        "destinatarul|destinatar|către|kime|alıcı|кому|до|за|получатель|adressaat|kellele|saaja|"
        "kam|gavėjas|προς|παραλήπτης|kepada|untuk|đến|tới|người nhận|ถึง|ผู้รับ|收件人|收件者|"
        "宛先|送信先|받는 사람|받는사람|수신자|수신|إلى|الى|אל|ל|per a|empfänger|destinataire|"
        "destinatario|destinatário|ontvanger|mottagare|viðtakandi"
    ),
    Label.CC: (
        "cc|kopie|kopie (cc)|kopio|másolat|másolatot kap|kopi|dw|копия|kopia|bilgi|копія|kópia|"
        "copie à|copie|copia|cópia|kopija|koopia|копие|копија|kp|κοιν.|κοινοποίηση|kk|tembusan|"
        "สำเนา|สำเนาถึง|抄送|副本|副本抄送|写し|참조|نسخة|نسخة إلى|עותק|a/c|afrit|đồng gửi|skrytá"
    ),
    Label.SUBJECT: (
        "subject|předmět|emne|betreff|asunto|aihe|objet|sujet|predmet|tárgy|oggetto|onderwerp|"
        "temat|assunto|subiectul|subiect|тема|ämne|konu|naslov|zadeva|teema|tema|tēma|θέμα|"
        "наслов|относно|perihal|subjek|chủ đề|tiêu đề|เรื่อง|หัวเรื่อง|主题|主旨|主題|标题|件名|"
        "제목|الموضوع|נושא|assumpte|efni|предмет"
    ),
    Label.DATE: (
        "date|datum|dato|fecha|päivämäärä|päiväys|dátum|data|dată|дата|tarih|sent|gesendet|envoyé|"
        "enviado|enviado el|enviada|enviada em|enviado em|inviato|verzonden|skickat|sendt|"
        "lähetetty|wysłano|odesláno|odoslané|küldve|elküldve|trimis|gönderilen|gönderilme|"
        "gönderme tarihi|gönderildi|отправлено|відправлено|надіслано|poslano|poslané|kuupäev|"
        "saadetud|datums|nosūtīts|išsiųsta|ημερομηνία|στάλθηκε|εστάλη|изпратено|датум|послато|tanggal|"
        "terkirim|dikirim|ngày|đã gửi|gửi|วันที่|ส่ง|日期|发送时间|发送日期|傳送日期|寄件日期|"
        "寄送日期|時間|时间|日時|日付|送信日時|送信日|날짜|보낸 날짜|보낸 시간|التاريخ|"
        "تاريخ الإرسال|أُرسلت|תאריך|נשלח|enviat|dagsetning|data di invio|enviado a"
    ),
    Label.REPLY_TO: (
        "reply-to|reply to|odgovori na|odpověď na|svar til|antwoord aan|vastaus|répondre à|"
        "antwort an|válaszcím|rispondi a|odpowiedź-do|odpowiedz do|responder a|răspuns către|"
        "ответ-кому|odpovedať-pre|svara till|yanıt adresi|кому відповісти|返信先|回复|回覆|"
        "beantwoorden - aan|답장 받는 사람|bcc|bcc:|organization|organisation|importance|priority|"
        "attachments|anlagen|pièces jointes|bijlagen|resent-from|cc/bcc"
    ),
}
_LONGEST: Final = 30
_DRESS: Final = "*_ \t\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{LEFT-TO-RIGHT MARK}>|"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


_LABELS: Final[Mapping[str, Label]] = {
    _folded(word): label for label, words in _WORDS.items() for word in words.split("|")
}
WRITTEN_LABELS: Final = frozenset(
    form
    for words in _WORDS.values()
    for word in words.split("|")
    for form in (word[:1].upper() + word[1:], word.upper())
)
"""As they stand at the beginning of a header line."""


def label_of(line: str) -> tuple[Label, str] | None:
    """Return what a header line is about and its value; None for any other line."""
    at = _colon(line)
    if at <= 0:
        return None
    label = known_label(line[:at])
    return (label, line[at + 1 :].strip(_DRESS)) if label else None


def known_label(word: str) -> Label | None:
    """Return the meaning of a label without its colon."""
    bare = word.strip(_DRESS)
    if not bare or len(bare) > _LONGEST:
        return None
    return _LABELS.get(bare.lower() if bare.isascii() else _folded(bare))


def _colon(line: str) -> int:
    start = line[: _LONGEST + len(_DRESS)]
    at = start.find(":")
    return at if at > 0 or start.isascii() else start.find("\N{FULLWIDTH COLON}")
