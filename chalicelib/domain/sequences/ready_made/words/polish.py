"""The ready-made sequences in Polish.

A name would have to be put into the vocative, so the greeting does without.
"""

from typing import Final

from chalicelib.domain.sequences.ready_made.words.translation import Translation

_SHARE: Final = (
    "Zadzwoń i opowiedz o spotkaniu, które się nie odbyło",
    "Podziękuj za odpowiedź. Powiedz w dwóch zdaniach, czego miało dotyczyć spotkanie, wyślij "
    "potem materiały i przed końcem rozmowy umów nowy termin.",
)
_DETAILS: Final = (
    "Miejsce zarezerwowane: szczegóły",
    "miło mi, że będą Państwo z nami. Oto, co warto wiedzieć:",
    "<ul><li>Kiedy: [dzień, od, do]</li><li>Gdzie: [adres lub link]</li>"
    "<li>Program: [link]</li></ul>",
    "Zapraszamy pół godziny wcześniej. Proszę dać znać, jeśli ktoś jeszcze przyjdzie albo jeśli są "
    "potrawy, których należy unikać.",
)
_DEMO: Final = (
    "Umów spotkanie i pokaż produkt",
    "Wyślij zaproszenie z linkiem, zapytaj, co chcą zobaczyć, przygotuj przykład z ich branży i "
    "pokaż go.",
)
_OUR_MEETING: Final = (
    "Nasze spotkanie",
    "dziękuję za odpowiedź. Za chwilę wyślę zaproszenie z linkiem.",
    "Żebyśmy dobrze wykorzystali czas, proszę napisać w dwóch zdaniach, co chcieliby Państwo "
    "zobaczyć i kto jeszcze dołączy.",
)

POLISH: Final = Translation(
    language="pl",
    greeting="Dzień dobry,",
    closing="Pozdrawiam<br>{{ sender.signature | default: sender.name | newline_to_br }}",
    names={
        "contact_no_show": "Gdy ktoś nie pojawił się na spotkaniu",
        "high_volume_prospecting": "Pozyskiwanie klientów na dużą skalę",
        "event_invite": "Zaproszenie na wydarzenie",
        "product_demo": "Spotkanie po prośbie o prezentację",
        "account_renewal": "Zbliżające się odnowienie umowy",
        "webinar_follow_up": "Kontakt po webinarze",
    },
    said={
        "contact_no_show": {
            "e1": (
                "Nie udało nam się dziś spotkać",
                "mieliśmy dziś spotkanie w kalendarzu i nie udało mi się połączyć. Tak bywa i mam "
                "nadzieję, że nie stało się nic poważnego.",
                "Nadal chętnie porozmawiam. Czy w tym tygodniu pasuje inny termin? Wystarczy "
                "odpisać, podając dzień i godzinę, a wyślę zaproszenie.",
            ),
            "c1y": _SHARE,
            "c2": (
                "Zadzwoń w sprawie spotkania, które się nie odbyło",
                "Na e-mail nie ma jeszcze odpowiedzi. Zapytaj, czy spotkanie ma nadal sens, i "
                "zaproponuj dwa terminy.",
            ),
            "t2y": (
                "Omów i wyślij to, czego miało dotyczyć spotkanie",
                "Wyślij to, co zostało obiecane przez telefon, razem z nowym terminem.",
            ),
            "e3": (
                "Pojutrze o dziesiątej?",
                "nie udało mi się dodzwonić, więc ułatwię sprawę: pojutrze o dziesiątej rezerwuję "
                "dla nas pół godziny.",
                "Jeśli to pasuje, wystarczy krótkie „tak”. Jeśli nie, proszę podać inną godzinę. A "
                "jeśli temat jest już nieaktualny, proszę dać znać, nie będę więcej pytać.",
            ),
            "c3y": _SHARE,
            "t4": (
                "Skontaktuj się z innymi osobami w firmie",
                "Dwa e-maile i telefon bez odpowiedzi. Znajdź w "
                '{{ organization.name | default: "firmie" }} kogoś, kogo dotyczy ta sama sprawa.',
            ),
        },
        "high_volume_prospecting": {
            "a1": (
                'Pytanie do {{ organization.name | default: "Państwa zespołu" }}',
                "nazywam się {{ sender.name }} i piszę najpierw, żeby mój telefon nie był "
                "zaskoczeniem.",
                "Pracujemy z firmami takimi jak "
                '{{ organization.name | default: "Państwa" }} i zaczynamy zwykle od jednego '
                "pytania: co zajmuje więcej czasu, niż powinno? Jeśli możemy coś z tego przejąć, "
                "okaże się to w pół godziny. Jeśli nie, powiem to wprost.",
                "Zadzwonię w najbliższych dniach. Jeśli lepszy jest inny dzień, proszę po prostu "
                "odpisać.",
            ),
            "l1": (
                "Poczytaj o firmie i osobie",
                "Czym się zajmują, kto decyduje, co nowego? Zanotuj jedną rzecz na początek.",
            ),
            "c2": (
                "Pierwszy telefon: rozmowa, umówienie spotkania",
                "Nawiąż do e-maila. Najpierw zapytaj o ich pracę, potem opowiedz o naszej; umów "
                "spotkanie, jeśli jest o czym rozmawiać.",
            ),
            "l2y": (
                "Nawiąż kontakt na LinkedIn",
                "Wyślij zaproszenie, póki pamiętają rozmowę, i podziękuj za czas.",
            ),
            "a3": (
                "Próba kontaktu",
                "próbuję się dodzwonić, ale chyba trafiam na zły moment.",
                "Moje pytanie pozostaje to samo: czy w "
                '{{ organization.name | default: "Państwa firmie" }} jest praca, która pochłania '
                "godziny i której nikomu by nie brakowało? Jedno zdanie odpowiedzi wystarczy, by "
                "ocenić, czy możemy pomóc.",
                "W przeciwnym razie zadzwonię jeszcze raz w najbliższych dniach.",
            ),
            "c3": (
                "Drugi telefon: rozmowa, umówienie spotkania",
                "O innej porze dnia niż poprzednio. Wysłano już dwa e-maile; zapytaj, czy to w "
                "ogóle ich temat.",
            ),
            "c4": (
                "Ostatni telefon: rozmowa, umówienie spotkania",
                "Ostatnia próba. Zostaw uprzejmą wiadomość, która o tym mówi; bez odpowiedzi lead "
                "zostanie zdyskwalifikowany.",
            ),
        },
        "event_invite": {
            "e1": (
                "Zaproszenie",
                "zapraszamy niewielkie grono na popołudnie z wystąpieniami i dobrymi rozmowami; "
                "bardzo się ucieszę z Państwa obecności. Będzie mowa o pytaniach, które teraz "
                "pojawiają się najczęściej, i zostanie dużo czasu na wymianę doświadczeń.",
                "Czy mogę dopisać Państwa do listy? Wystarczy krótkie „tak”, a prześlę miejsce, "
                "godzinę i program.",
            ),
            "e1y": _DETAILS,
            "e2": (
                "Czy zatrzymać miejsce?",
                "lista na nasze wydarzenie się zapełnia, a jedno miejsce wciąż na Państwa czeka.",
                "Jeśli nie mogą Państwo przyjść, równie mile widziany jest ktoś inny z "
                '{{ organization.name | default: "Państwa firmy" }}. Czy zatrzymać to miejsce?',
            ),
            "e2y": _DETAILS,
            "c3": (
                "Zadzwoń z zaproszeniem",
                "Dwa zaproszenia bez odpowiedzi. Zaproś osobiście i zapytaj, kto jeszcze chciałby "
                "przyjść.",
            ),
            "e3y": (
                "Zgodnie z obietnicą: miejsce na naszym wydarzeniu",
                "zgodnie z obietnicą złożoną przez telefon: miejsce jest zarezerwowane.",
                "<ul><li>Kiedy: [dzień, od, do]</li><li>Gdzie: [adres lub link]</li>"
                "<li>Program: [link]</li></ul>",
                "Gdyby coś wypadło, wystarczy jedno zdanie do mnie; ucieszy się ktoś z listy "
                "rezerwowej.",
            ),
        },
        "product_demo": {
            "e1": (
                "Prezentacja: dziękuję za zgłoszenie",
                "dziękuję za prośbę o prezentację. Od teraz wszystkim zajmę się ja.",
                "Żeby poświęcić czas na to, co ważne: jakie zadanie chcieliby Państwo rozwiązać i "
                'kto z {{ organization.name | default: "Państwa firmy" }} powinien jeszcze wziąć '
                "udział? Jutro wrócę z terminami do wyboru.",
            ),
            "l1": (
                "Poczytaj o kliencie",
                "Kto pytał, komu podlega i co może chcieć rozwiązać?",
            ),
            "l2": ("Nawiąż kontakt z klientem", "Wspomnij o prezentacji, o którą poprosili."),
            "e2": (
                "Kiedy obejrzymy to razem?",
                "kiedy obejrzymy to razem? Proponuję 45 minut: pół godziny prezentacji, reszta na "
                "pytania.",
                "Jutro lub pojutrze, o dziesiątej albo o czternastej, będzie dobrze. Proszę wybrać "
                "termin albo podać własny.",
            ),
            "t2y": _DEMO,
            "t3y": _DEMO,
            "t4y": _DEMO,
            "c3": (
                "Zadzwoń w sprawie terminu prezentacji",
                "Poprosili o prezentację, więc zapytaj o dzień; miej otwarty kalendarz.",
            ),
            "c4": (
                "Telefon przypominający",
                "Ostatnia próba: zapytaj, czy prezentacja jest nadal potrzebna. Bez odpowiedzi "
                "szansa zostanie zamknięta jako przegrana.",
            ),
        },
        "account_renewal": {
            "s1": (
                "Sprawdź dane klienta i umowy",
                "Koniec okresu, wypowiedzenie, ceny, osoby kontaktowe: czy wszystko się zgadza?",
            ),
            "s2": (
                "Odnowienie umowy: jak minął rok?",
                'umowa między {{ organization.name | default: "Państwa firmą" }} a nami wkrótce '
                "wymaga odnowienia. Zanim przejdziemy do dokumentów, warto porozmawiać o tym, jak "
                "minął rok: co działało dobrze, co nie i co się u Państwa zmieniło.",
                "Czy znajdzie się pół godziny w ciągu dwóch tygodni? Proszę o termin, a wyślę "
                "zaproszenie.",
            ),
            "s3": (
                "Sprawdź używane produkty i funkcje; poszukaj dodatków",
                "Z czego korzystają często, z czego wcale i co pomogłoby im dalej?",
            ),
            "s4": (
                "Odpowiedz na pytania; zaproponuj dodatki",
                "Najpierw słuchaj. Proponuj tylko to, co odpowiada na ich słowa.",
            ),
            "s5": (
                "Zanotuj zadania z rozmowy i je wykonaj",
                "Kto, co i do kiedy; powiedz klientowi, nad czym trwają prace.",
            ),
            "s6": (
                "Otwarte punkty są wyjaśnione",
                "dziękuję za szczerą rozmowę. Otwarte punkty są już wyjaśnione.",
                "Czy omówimy je razem, zanim przygotuję ofertę? Wystarczy dwadzieścia minut. Jeśli "
                "pojawiło się nowe pytanie, proszę je przesłać, zaproszę właściwe osoby.",
            ),
            "s7": ("Przygotuj ofertę odnowienia", "Dodatki, o które pytali, w osobnej pozycji."),
            "s8": (
                "Uzgodnij ofertę z zespołem sprzedaży",
                "Rabaty i szczególne warunki wymagają zgody, zanim zobaczy je klient.",
            ),
            "s9": (
                "Omów zatwierdzoną ofertę",
                "Punkt po punkcie; to, co zaskakuje na papierze, kosztuje tydzień.",
            ),
            "s10": (
                "Nasza oferta odnowienia",
                "zgodnie z ustaleniami przesyłam ofertę na kolejny okres. Zawiera to, co "
                "uzgodniliśmy przez telefon: zakres, ceny i zmienione warunki.",
                "Proszę przeczytać ją w spokoju i zanotować wątpliwości. Zadzwonię za tydzień, "
                "żebyśmy wyjaśnili resztę.",
            ),
            "s11": ("Dopracuj ofertę", "Wyjaśnij, co zostało, i ustal dzień podpisania."),
            "s12": (
                "Omów i podpisz umowę",
                "Wyślij do podpisu i bądź gotów na pytania ich prawników.",
            ),
            "s13": (
                "Dziękujemy za kolejny rok",
                "podpisana umowa już dotarła. Dziękujemy za kolejny wspólny rok; nie traktujemy "
                "tego jako oczywistości.",
                "Pozostają z Państwem te same osoby, a gdy coś nie działa jak należy, nadal "
                "proszę dzwonić do mnie.",
            ),
        },
        "webinar_follow_up": {
            "a1": (
                "Dziękujemy za udział w webinarze",
                "dziękuję za czas poświęcony na nasz webinar. Mam nadzieję, że coś się przyda.",
                "Wiele osób pytało, jak wyglądałoby to w ich firmie. Chętnie pokażę to w pół "
                'godziny na przykładzie {{ organization.name | default: "Państwa branży" }}. Który '
                "dzień pasuje?",
            ),
            "e1y": _OUR_MEETING,
            "e2": (
                "Pytania po webinarze?",
                "krótkie przypomnienie na wypadek, gdyby mój e-mail po webinarze zginął wśród "
                "innych.",
                "Jeśli od tamtej pory nasunęło się pytanie, proszę je przesłać, znajdę odpowiedź. "
                "A jeśli lepiej zobaczyć niż czytać, wystarczy pół godziny.",
            ),
            "e2y": _OUR_MEETING,
            "c3": (
                "Zadzwoń w sprawie dalszych kroków",
                "Zapytaj, co skłoniło ich do udziału i co chcieliby zobaczyć.",
            ),
            "e3y": (
                "Po naszej rozmowie",
                "dziękuję za rozmowę. Zgodnie z umową za chwilę wyślę zaproszenie z linkiem.",
                "Jeśli przyjdzie Państwu do głowy coś, co warto zobaczyć, wystarczy jedno zdanie.",
            ),
            "e4": (
                "Mój ostatni e-mail o webinarze",
                "nie chcę zapełniać skrzynki, więc to mój ostatni e-mail o webinarze.",
                "Jeśli chcą Państwo zobaczyć, jak działałoby to w "
                '{{ organization.name | default: "Państwa firmie" }}, proszę podać dzień, resztą '
                "zajmę się ja. W przeciwnym razie życzę powodzenia; wiadomo, gdzie mnie znaleźć.",
            ),
            "e4y": _OUR_MEETING,
            "q": (
                "Zakwalifikuj lead",
                "Potrzeba, budżet, decyzja, czas: co wiemy, a czego brakuje?",
            ),
            "m": (
                "Umów spotkanie z prezentacją",
                "Wyślij zaproszenie z linkiem i przygotuj przykład z ich branży.",
            ),
        },
    },
)
