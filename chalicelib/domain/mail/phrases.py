"""The phrases by which mail clients mark a forward, an answer and what they quote.

Facts about clients, kept as data: lookups in these tables are all the reading of bodies does with
words, so that no language costs more than another.
"""

import unicodedata
from typing import Final


def folded(text: str) -> str:
    """Return text as these tables hold it."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def table(*rows: str) -> frozenset[str]:
    """Return the phrases of rows that are written with strokes between them."""
    return frozenset(folded(word) for row in rows for word in row.split("|"))


FORWARDED: Final = table(
    "forwarded message|begin forwarded message|forwarded mail|forwarded email|forwarded by",
    "start of forwarded message|forward message|original message forwarded|fwd.msg|fwd message",
    "začátek přeposílané zprávy|přeposlaná zpráva|předaná zpráva|přeposílaná zpráva",
    "start på videresendt besked|videresendt meddelelse|videresendt besked|videresendt mail",
    "anfang der weitergeleiteten nachricht|weitergeleitete nachricht|weitergeleitete mail",
    "beginn der weitergeleiteten nachricht|weitergeleitete e-mail",
    "inicio del mensaje reenviado|mensaje reenviado",
    "correo reenviado|comienzo del mensaje reenviado",
    "välitetty viesti alkaa|välitetty viesti|edelleenlähetetty viesti",
    "début du message réexpédié|début du message transféré|message transféré|message transmis",
    "message réexpédié|début du message|courriel transféré",
    "započni proslijeđenu poruku|proslijeđena poruka|početak proslijeđene poruke",
    "továbbított levél kezdete|továbbított üzenet|továbbított levél",
    "inizio messaggio inoltrato|messaggio inoltrato|inizio del messaggio inoltrato",
    "begin doorgestuurd bericht|doorgestuurd bericht",
    "doorgestuurde e-mail|begin doorgestuurde mail",
    "videresendt melding|start på videresendt melding|videresendt e-post",
    "początek przekazywanej wiadomości|przekazana wiadomość|treść przekazanej wiadomości",
    "wiadomość przekazana|wiadomość przekazana dalej|przekazywana wiadomość",
    "początek przekazanej wiadomości",
    "início da mensagem reencaminhada|início da mensagem encaminhada|mensagem encaminhada",
    "mensagem reencaminhada|e-mail encaminhado",
    "începe mesajul redirecționat|mesaj redirecționat|mesaj redirecţionat|mesaj retransmis",
    "începutul mesajului redirecționat|mesaj înaintat",
    "начало переадресованного сообщения|пересылаемое сообщение|перенаправленное сообщение",
    "пересланное сообщение|переадресованное сообщение|начало переадресуемого сообщения",
    "конец пересылаемого сообщения",
    "začiatok preposlanej správy|preposlaná správa|preposielaná správa",
    "vidarebefordrat mejl|vidarebefordrat meddelande",
    "vidarebefordrat brev|början på vidarebefordrat",
    "vidarebefordrat e-postmeddelande|början på vidarebefordrat meddelande",
    "ileti başlangıcı|iletilmiş mesaj|iletilen ileti|yönlendirilmiş mesaj|iletilen mesaj",
    "i̇leti başlangıcı|i̇letilmiş mesaj|i̇letilen i̇leti|i̇letilen ileti|i̇letilen mesaj",
    "yönlendirilen mesaj|yönlendirilmiş ileti|iletilmiş ileti|i̇letilmiş i̇leti",
    "початок листа, що пересилається|перенаправлене повідомлення|переслане повідомлення",
    "препратено съобщение|препратено писмо|начало на препратено съобщение",
    "posredovano sporočilo|začetek posredovanega sporočila",
    "edastatud kiri|edastatud sõnum|persiųstas laiškas|persiunčiamas laiškas|pārsūtīta vēstule",
    "pārsūtītais ziņojums|прослеђена порука|prosleđena poruka",
    "προωθημένο μήνυμα|έναρξη προωθημένου μηνύματος|προωθούμενο μήνυμα",
    "missatge reenviat|inici del missatge reenviat|mensaxe reenviada|birbidalitako mezua",
    "áframsend skilaboð|áframsent skeyti",
    "thư đã chuyển tiếp|bắt đầu thư được chuyển tiếp|tin nhắn được chuyển tiếp|thư chuyển tiếp",
    "pesan diteruskan|pesan terusan|mulai pesan yang diteruskan|mesej dimajukan",
    "ข้อความที่ส่งต่อ|ข้อความที่ถูกส่งต่อ|เริ่มต้นข้อความที่ส่งต่อ",
    "转发的邮件|转发邮件|转发邮件信息|下面是被转发的邮件",
    "被转发的邮件|开始转发的邮件|转发的郵件|已转发邮件",
    "轉寄的郵件|轉寄郵件|轉寄訊息|開始轉寄的郵件",
    "以下是轉寄的郵件|轉寄信件|已轉寄的郵件|轉寄的訊息",
    "転送されたメッセージ|転送メッセージ|転送されたメール",
    "以下、転送メール|転送メール|転送元メッセージ",
    "전달된 메시지|전달된 메일|전달된 이메일|전달한 메시지|전달 메시지|전달된 편지",
    "رسالة معاد توجيهها|بدء الرسالة المعاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة",
    "הודעה שהועברה|תחילת ההודעה שהועברה|הודעה מועברת",
)
ORIGINAL: Final = table(
    "original message|reply message|original email|original",
    "original mail|ursprüngliche nachricht|replied message",
    "ursprüngliche mail|originalnachricht|original-nachricht|antwort nachricht|message d'origine",
    "message d’origine|message original|mensaje original|messaggio originale|mensagem original",
    "oorspronkelijk bericht|origineel bericht|ursprungligt meddelande|originalmeddelande",
    "opprinnelig melding|oprindelig meddelelse|oprindelig besked|alkuperäinen viesti",
    "wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet",
    "исходное сообщение|оригинальное сообщение|первоначальное сообщение|вихідне повідомлення",
    "оригінальне повідомлення|mesaj original|mesajul original|orijinal mesaj|özgün ileti",
    "orijinal ileti|izvorna poruka|originalna poruka|izvirno sporočilo|оригинално съобщение",
    "оригинално писмо|αρχικό μήνυμα|algne kiri|pirminis laiškas|sākotnējais ziņojums",
    "missatge original|thư gốc|tin nhắn gốc|pesan asli|ข้อความต้นฉบับ|原始邮件|原邮件|原始信息",
    "邮件原件|原始郵件|原始訊息|原來的郵件",
    "元のメッセージ|オリジナルメッセージ|원본 메시지|원본 메일",
    "원본 이메일|الرسالة الأصلية|הודעה מקורית|upprunaleg skilaboð|original appointment",
)
WROTE: Final = tuple(
    sorted(
        table(
            "wrote|writes|said|says|sent|a écrit|nous a dit|schrieb|schrieben|geschrieben",
            "schrieben sie|escribió|escribio|ha escrito|ha scritto|scrive|scritto|schreef|verzond",
            "geschreven|skrev|skrev följande|skrev følgende|escreveu|kirjoitti|napisał|napisała",
            "napisał(a)|napisal|napisala|pisze|napsal",
            "napsal(a)|napsala|napísal|napísala|napísal(a)",
            "написал|написала|написал(а)|написали|пишет|пише|написав|написала|напиша|ezt írta",
            "írta|a scris|a scris următoarele|yazdı",
            "şunu yazdı|şunları yazdı|napisao je|je napisao",
            "napisao|napisala|je napisal|je napisal/-a|έγραψε|rašė|rakstīja|kirjutas|parašė",
            "написа|va escriure|đã viết|menulis|เขียนว่า",
            "写道|寫道|のメール|のメッセージ|は書きました",
            "書き込みました|님이 작성|작성|كتب|כתב|כתבה|skrifaði|skreiv|escribiu|idatzi du",
        ),
        key=len,
        reverse=True,
    )
)
INTROS: Final = tuple(
    sorted(
        table(
            "on |at |in article|in message|in a message|am |le |el |il |op |den |d. |em |w dniu ",
            "dnia |dňa |dne |på |ma |ti |ke |to |pe |la |su |ma |il giorno |vào |pada |tarihinde ",
            "em |på |ons |tor |tors |fre |lør |lör |søn |sön |man |mån |tis |tir |u |dana ",
            "στις |от |на |în |pe data |2|1|3|0|el dia|el día|a ",
        )
    )
)
_FORWARD_MARKS: Final = table(
    "fwd|fw|fwd.|fw.|vs|wg|rv|tr|i|pd|enc|redir.|redir|vb|vl|videresend|i̇lt|ilt|trs|doorst|fs",
    "tovább|továbbítás|转发|轉寄|转寄|転送|전달|fwrd|prp|pzs|inoltro|inol|rvs|doorsturen|przek",
    "reenv|reenviado|weitergeleitet|переслано|пересл|fd",
    "prd|προωθ|πρθ|הועבר|إعادة توجيه|przekazane",
)
_ANSWER_MARKS: Final = table(
    "re|aw|sv|vs|antw|odp|r|rif|ref|res|回复|答复|回覆|返信|답장|yan|yanıt|ynt|bls|atb|vastus|vá",
    "απ|σχετ|ats|rép|resp|на|отв|відп|اعادة|رد|תגובה|השב|svar|re[2]|re[3]|re^2",
)
_MARK_LONGEST: Final = 16


def says_forward(subject: str) -> bool:
    """Tell whether a subject begins with a mark of forwarding (`Fwd:`, `WG:`, `转发:`)."""
    mark = _mark(subject)
    return mark in _FORWARD_MARKS


def says_answer(subject: str) -> bool:
    """Tell whether a subject begins with a mark of answering and not with one of forwarding."""
    mark = _mark(subject)
    return mark in _ANSWER_MARKS and mark not in _FORWARD_MARKS


def without_mark(subject: str) -> str:
    """Return the subject that was forwarded."""
    marks = (at for at in map(subject.find, ":\N{FULLWIDTH COLON}") if at >= 0)
    return subject[min(marks, default=-1) + 1 :].strip()


def _mark(subject: str) -> str:
    start = subject.strip()[:_MARK_LONGEST].replace("\N{FULLWIDTH COLON}", ":")
    mark, colon, _ = start.partition(":")
    return folded(mark.strip()) if colon else ""
