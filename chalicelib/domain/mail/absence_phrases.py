"""What notes of absence and other automatic answers say of themselves, in many languages.

Facts about clients and habits, kept as data: the subjects that Outlook, Gmail and the vacation
programs write, and the sentences that people begin such notes with.
"""

import re
from typing import Final

from chalicelib.domain.mail.phrases import folded, table

_MARKS: Final = table("re|aw|sv|vs|antw|odp|r|rif|ref|res|回复|答复|回覆|返信|답장|ynt|отв")
_LONGEST_TEXT: Final = 3000
_COLONS: Final = (":", "\N{FULLWIDTH COLON}")

SUBJECTS: Final = table(
    "out of office|out of the office|automatic reply|automatic response|auto reply|auto-reply",
    "autoreply|autoresponse|auto response|auto-response|vacation reply|vacation message",
    "on vacation|away from the office|away from my mail|holiday reply|i am away|i'm away",
    "autosvar|automatiskt svar|frånvaro|frånvarande|ej på kontoret|semester till",
    "automatisk svar|fravær|ikke på kontoret|ikke til stede",
    "automaattinen vastaus|poissaolo|poissa toimistosta|lomalla",
    "automatische antwort|automatische rückantwort|abwesenheit|abwesend|nicht im büro",
    "abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsassistent|frånvaromeddelande|fraværsmelding",
    "poissaoloilmoitus",
    "automatisch antwoord|automatische reactie|afwezig|niet aanwezig",
    "réponse automatique|absence du bureau|message d'absence|absent du bureau",
    "notification d'absence|réponse d'absence",
    "respuesta automática|respuesta automatica|fuera de la oficina|mensaje de ausencia|ausente",
    "resposta automática|resposta automatica|fora do escritório|mensagem de ausência|ausência",
    "risposta automatica|fuori sede|fuori ufficio|assenza dall'ufficio|assente",
    "automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|nieobecność|poza biurem",
    "automatická odpověď|mimo kancelář|automatická odpoveď|automatikus válasz|házon kívül",
    "răspuns automat|otomatik yanıt|ofis dışında|автоматический ответ|автоответ|вне офиса",
    "автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|εκτός γραφείου",
    "automatski odgovor|samodejni odgovor|automaatvastus|automatinis atsakymas",
    "automātiska atbilde|resposta automàtica|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ",
    "自动回复|自动答复|自動回覆|不在办公室|外出",
    "自動応答|自動返信|不在通知|자동 회신|자동 응답|부재중",
    "رد تلقائي|מענה אוטומטי|תשובה אוטומטית",
)
_TEXTS: Final = table(
    "i am out of the office|i'm out of the office|i am currently out|i'm currently out",
    "i will be out of the office|i am out of office|i'm out of office|i am away|i'm away until",
    "i am on vacation|i'm on vacation|i am on leave|i am on annual leave|on parental leave",
    "this is an automatic|this is an automated|this message was automatically generated",
    "will not be checking email|limited access to email|limited access to my email",
    "no longer works here|no longer with the company|has left the company",
    "jag är på semester|jag är ledig|jag är inte på kontoret|jag är bortrest|jag är frånvarande",
    "jag är föräldraledig|detta är ett automatiskt|tjänstledig|åter på kontoret|har slutat på",
    "jeg er på ferie|jeg er ikke på kontoret|jeg er bortreist|jeg har ferie|jeg holder ferie",
    "jeg er ude af kontoret|dette er en automatisk|dette er et automatisk|fraværende",
    "olen lomalla|olen poissa|en ole toimistolla|tämä on automaattinen|olen vuosilomalla",
    "ich bin nicht im büro|ich bin derzeit nicht|ich bin im urlaub|ich befinde mich im urlaub",
    "ich bin momentan nicht|ich bin bis|ich bin ab|nicht im haus|ich bin abwesend",
    "wird nicht weitergeleitet|dies ist eine automatische",
    "ik ben niet aanwezig|ik ben op vakantie|ik ben afwezig|momenteel niet op kantoor",
    "dit is een automatisch|ik ben met vakantie",
    "je suis absent|je suis en congé|je suis actuellement|je suis en vacances",
    "je serai absent|ceci est un message automatique|ceci est une réponse automatique",
    "estoy fuera de la oficina|estaré fuera|estoy de vacaciones|me encuentro fuera",
    "este es un mensaje automático|esta es una respuesta automática|estaré ausente",
    "estou de férias|estarei ausente|estou fora do escritório|estarei de férias|estou ausente",
    "esta é uma resposta automática|esta é uma mensagem automática",
    "sono fuori ufficio|sono in ferie|sono assente|sarò assente|sono in vacanza",
    "questa è una risposta automatica|questo è un messaggio automatico|sarò fuori ufficio",
    "jestem na urlopie|jestem nieobecn|przebywam na urlopie|jestem poza biurem",
    "to jest automatyczna|wiadomość została wygenerowana automatycznie|będę nieobecn",
)


_WORD: Final = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_FIRST_WORDS: Final = frozenset(_WORD.findall(each)[0] for each in SUBJECTS if each.isascii())
_BEGINNINGS: Final = tuple(SUBJECTS)


def has_prefix(subject: str) -> bool:
    """Tell whether a folded subject begins as a client's own automatic answer: phrase and colon."""
    at = min((at for at in map(subject.find, _COLONS) if at > 0), default=0)
    return subject[:at].strip(" []()-") in SUBJECTS


def is_away(subject: str) -> bool:
    """Tell whether a folded subject is that of a note of absence, and no answer to such a note."""
    if subject.isascii() and _FIRST_WORDS.isdisjoint(_WORD.findall(subject)):
        return False
    mark, colon, rest = subject.replace(_COLONS[1], ":").partition(":")
    if colon and mark.strip() in _MARKS and rest.strip().startswith(_BEGINNINGS):
        return False
    return any(phrase in subject for phrase in SUBJECTS)


def says_away(text: str) -> bool:
    """Tell whether a body begins as notes of absence do."""
    said = folded(text[:_LONGEST_TEXT])
    return any(phrase in said for phrase in _TEXTS)
