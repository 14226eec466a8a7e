"""The ready-made sequences in German."""

from typing import Final

from chalicelib.domain.sequences.ready_made.words.translation import Translation

_SHARE: Final = (
    "Anrufen und vom verpassten Termin berichten",
    "Danken Sie für die Antwort. Sagen Sie in zwei Sätzen, worum es gehen sollte, schicken Sie die "
    "Unterlagen nach, und vereinbaren Sie vor dem Auflegen einen neuen Termin.",
)
_DETAILS: Final = (
    "Ihr Platz ist reserviert: die Einzelheiten",
    "schön, von Ihnen zu hören, und schön, dass Sie kommen. Das sollten Sie wissen:",
    "<ul><li>Wann: [Tag, von, bis]</li><li>Wo: [Adresse oder Link]</li>"
    "<li>Programm: [Link]</li></ul>",
    "Einlass ist eine halbe Stunde vorher. Sagen Sie mir, ob Sie jemanden mitbringen oder etwas "
    "nicht essen.",
)
_DEMO: Final = (
    "Termin vereinbaren und Produkt zeigen",
    "Einladung mit Link schicken, nach den Wünschen fragen, ein Beispiel aus ihrer Branche "
    "vorbereiten und zeigen.",
)
_OUR_MEETING: Final = (
    "Unser Termin",
    "schön, von Ihnen zu hören. Gleich schicke ich Ihnen eine Einladung mit Link.",
    "Damit wir die Zeit gut nutzen: Schreiben Sie mir in ein, zwei Zeilen, was Sie sehen möchten "
    "und wer noch dabei ist.",
)

GERMAN: Final = Translation(
    language="de",
    greeting='Guten Tag {{ person.name | default: "und hallo" }},',
    closing="Freundliche Grüße<br>{{ sender.signature | default: sender.name | newline_to_br }}",
    names={
        "contact_no_show": "Nachfassen, wenn jemand nicht zum Termin kommt",
        "high_volume_prospecting": "Kaltakquise in größerer Zahl",
        "event_invite": "Einladung zu einer Veranstaltung",
        "product_demo": "Termin nach einer Demo-Anfrage",
        "account_renewal": "Anstehende Vertragsverlängerung",
        "webinar_follow_up": "Nachfassen nach einem Webinar",
    },
    said={
        "contact_no_show": {
            "e1": (
                "Wir haben uns heute verpasst",
                "wir hatten heute einen Termin, und ich konnte Sie nicht erreichen. So etwas kommt "
                "vor, und ich hoffe, es war nichts Ernstes.",
                "Ich möchte weiterhin gern mit Ihnen sprechen. Passt Ihnen diese Woche eine andere "
                "Zeit? Antworten Sie mit Tag und Uhrzeit, dann schicke ich die Einladung.",
            ),
            "c1y": _SHARE,
            "c2": (
                "Wegen des verpassten Termins anrufen",
                "Noch keine Antwort auf die E-Mail. Fragen, ob der Termin noch sinnvoll ist, und "
                "zwei Zeiten anbieten.",
            ),
            "t2y": (
                "Besprochenes zusammenfassen und schicken",
                "Schicken, was am Telefon versprochen wurde, mit der neuen Zeit.",
            ),
            "e3": (
                "Übermorgen um zehn?",
                "am Telefon habe ich Sie leider nicht erreicht, deshalb mache ich es Ihnen "
                "einfach: Übermorgen um zehn halte ich uns eine halbe Stunde frei.",
                "Passt das, genügt ein kurzes Ja. Sonst nennen Sie eine andere Zeit, und ich "
                "verschiebe. Und wenn das Thema erledigt ist, sagen Sie es; dann frage ich nicht "
                "weiter.",
            ),
            "c3y": _SHARE,
            "t4": (
                "Andere Kontakte im Unternehmen ansprechen",
                "Zwei E-Mails und ein Anruf ohne Antwort. Bei "
                '{{ organization.name | default: "der Firma" }} jemanden finden, den dieselbe '
                "Sache angeht.",
            ),
        },
        "high_volume_prospecting": {
            "a1": (
                'Eine Frage zu {{ organization.name | default: "Ihrem Team" }}',
                "ich heiße {{ sender.name }} und schreibe vorweg, damit mein Anruf nicht aus "
                "heiterem Himmel kommt.",
                'Wir arbeiten mit Unternehmen wie {{ organization.name | default: "Ihrem" }} und '
                "beginnen meist mit einer Frage: Was kostet bei Ihnen mehr Zeit, als es sollte? "
                "Können wir davon etwas abnehmen, zeigt sich das in einer halben Stunde. Wenn "
                "nicht, sage ich es Ihnen.",
                "In den nächsten Tagen rufe ich an. Ist Ihnen ein anderer Tag lieber, antworten "
                "Sie einfach.",
            ),
            "l1": (
                "Über Unternehmen und Person lesen",
                "Was machen sie, wer entscheidet, was ist neu? Eine Sache als Einstieg notieren.",
            ),
            "c2": (
                "Erster Anruf: sprechen, Termin vereinbaren",
                "Auf die E-Mail beziehen. Erst nach ihrer Arbeit fragen, dann von unserer "
                "erzählen; Termin vereinbaren, wenn es etwas zu besprechen gibt.",
            ),
            "l2y": (
                "Auf LinkedIn vernetzen",
                "Einladen, solange das Gespräch frisch ist, und für die Zeit danken.",
            ),
            "a3": (
                "Ich habe Sie nicht erreicht",
                "ich habe versucht, Sie anzurufen, und wohl einen schlechten Moment erwischt.",
                "Meine Frage bleibt dieselbe: Gibt es bei "
                '{{ organization.name | default: "Ihnen" }} Arbeit, die Stunden frisst und die '
                "niemand vermissen würde? Ein Satz als Antwort genügt mir, um zu sehen, ob wir "
                "helfen können.",
                "Andernfalls versuche ich es in den nächsten Tagen noch einmal am Telefon.",
            ),
            "c3": (
                "Zweiter Anruf: sprechen, Termin vereinbaren",
                "Zu einer anderen Tageszeit als beim ersten Mal. Zwei E-Mails gingen voraus; "
                "fragen, ob das Thema überhaupt bei ihnen liegt.",
            ),
            "c4": (
                "Letzter Anruf: sprechen, Termin vereinbaren",
                "Der letzte Versuch. Freundlich auf Band sprechen, dass es der letzte ist; ohne "
                "Antwort wird der Lead disqualifiziert.",
            ),
        },
        "event_invite": {
            "e1": (
                "Eine Einladung für Sie",
                "wir laden einen kleinen Kreis zu einem Nachmittag mit Vorträgen und guten "
                "Gesprächen ein, und ich würde mich freuen, Sie dort zu sehen. Es geht um die "
                "Fragen, die mir zurzeit am häufigsten begegnen, und es bleibt viel Zeit, sich mit "
                "anderen in Ihrer Lage auszutauschen.",
                "Darf ich Sie auf die Liste setzen? Ein kurzes Ja genügt, dann schicke ich Ort, "
                "Zeit und Programm.",
            ),
            "e1y": _DETAILS,
            "e2": (
                "Soll ich Ihren Platz freihalten?",
                "die Liste für unsere Veranstaltung füllt sich, und noch halte ich Ihnen einen "
                "Platz frei.",
                "Können Sie selbst nicht, ist jemand anderes von "
                '{{ organization.name | default: "Ihrem Unternehmen" }} genauso willkommen. Soll '
                "ich den Platz behalten?",
            ),
            "e2y": _DETAILS,
            "c3": (
                "Anrufen und einladen",
                "Zwei Einladungen ohne Antwort. Persönlich einladen; fragen, wer sonst käme.",
            ),
            "e3y": (
                "Wie versprochen: Ihr Platz bei unserer Veranstaltung",
                "wie am Telefon versprochen: Ihr Platz ist reserviert.",
                "<ul><li>Wann: [Tag, von, bis]</li><li>Wo: [Adresse oder Link]</li>"
                "<li>Programm: [Link]</li></ul>",
                "Kommt etwas dazwischen, genügt eine Zeile an mich, und jemand von der Warteliste "
                "freut sich.",
            ),
        },
        "product_demo": {
            "e1": (
                "Ihre Demo: danke für die Anfrage",
                "vielen Dank für Ihre Anfrage. Von jetzt an kümmere ich mich um Sie.",
                "Damit wir die Zeit auf das verwenden, was Ihnen wichtig ist: Welche Aufgabe "
                'möchten Sie gelöst sehen, und wer von {{ organization.name | default: "Ihnen" }} '
                "sollte noch dabei sein? Morgen melde ich mich mit Terminen zur Auswahl.",
            ),
            "l1": (
                "Über den Kunden lesen",
                "Wer hat gefragt, an wen berichten sie, und was wollen sie wohl lösen?",
            ),
            "l2": ("Mit dem Kunden vernetzen", "Die gewünschte Demo erwähnen."),
            "e2": (
                "Wann sehen wir es uns gemeinsam an?",
                "wann sehen wir es uns gemeinsam an? Ich schlage 45 Minuten vor: eine halbe Stunde "
                "Demo, der Rest für Ihre Fragen.",
                "Morgen oder übermorgen, um zehn oder um zwei, passt es mir gut. Antworten Sie mit "
                "der Zeit, die Ihnen gefällt, oder nennen Sie eine eigene.",
            ),
            "t2y": _DEMO,
            "t3y": _DEMO,
            "t4y": _DEMO,
            "c3": (
                "Wegen eines Demo-Termins anrufen",
                "Sie haben um die Demo gebeten, also nach einem Tag fragen; Kalender bereithalten.",
            ),
            "c4": (
                "Noch einmal anrufen",
                "Der letzte Versuch: fragen, ob die Demo noch gewünscht ist. Ohne Antwort gilt der "
                "Deal als verloren.",
            ),
        },
        "account_renewal": {
            "s1": (
                "Kunden- und Vertragsdaten prüfen",
                "Laufzeitende, Kündigungsfrist, Preise, Ansprechpartner: Stimmt noch alles?",
            ),
            "s2": (
                "Ihre Verlängerung: Wie war das Jahr?",
                "der Vertrag zwischen "
                '{{ organization.name | default: "Ihrem Unternehmen" }} und uns steht bald zur '
                "Verlängerung an. Bevor wir über Papier reden, möchte ich hören, wie das Jahr war: "
                "was gut lief, was nicht, und was sich bei Ihnen geändert hat.",
                "Haben Sie in den nächsten zwei Wochen eine halbe Stunde? Nennen Sie eine Zeit, "
                "dann schicke ich die Einladung.",
            ),
            "s3": (
                "Genutzte Produkte und Funktionen ansehen; Ergänzungen prüfen",
                "Was wird viel genutzt, was gar nicht, und was würde als Nächstes helfen?",
            ),
            "s4": (
                "Fragen beantworten; Ergänzungen anbieten",
                "Erst zuhören. Nur anbieten, was auf etwas Gesagtes antwortet.",
            ),
            "s5": (
                "Aufgaben aus dem Gespräch notieren und erledigen",
                "Wer macht was bis wann; dem Kunden sagen, woran gearbeitet wird.",
            ),
            "s6": (
                "Die offenen Punkte sind geklärt",
                "danke für das offene Gespräch. Ich bin die offenen Punkte durchgegangen und kann "
                "sie nun beantworten.",
                "Sollen wir sie zusammen ansehen, bevor ich das Angebot schreibe? Zwanzig Minuten "
                "genügen. Ist eine neue Frage dazugekommen, schicken Sie sie mir, dann bringe ich "
                "die richtigen Leute mit.",
            ),
            "s7": ("Angebot vorbereiten", "Mit den gewünschten Ergänzungen als eigener Zeile."),
            "s8": (
                "Angebot im Vertrieb freigeben lassen",
                "Rabatte und Sonderbedingungen brauchen ein Ja, bevor der Kunde sie sieht.",
            ),
            "s9": (
                "Freigegebenes Angebot besprechen",
                "Zeile für Zeile; was auf Papier überrascht, kostet eine Woche.",
            ),
            "s10": (
                "Unser Angebot zu Ihrer Verlängerung",
                "wie besprochen, hier unser Angebot für den kommenden Zeitraum. Es enthält, was "
                "wir am Telefon vereinbart haben: Umfang, Preise und die geänderten Bedingungen.",
                "Lesen Sie es in Ruhe und notieren Sie, worüber Sie stolpern. In einer Woche rufe "
                "ich an, damit wir den Rest klären.",
            ),
            "s11": ("Angebot abschließen", "Rest klären und Tag der Unterschrift vereinbaren."),
            "s12": (
                "Vertrag besprechen und unterschreiben",
                "Zur Unterschrift schicken und für Fragen ihrer Juristen da sein.",
            ),
            "s13": (
                "Danke für ein weiteres Jahr",
                "der unterschriebene Vertrag ist da. Danke für ein weiteres gemeinsames Jahr; für "
                "uns ist das nicht selbstverständlich.",
                "Sie behalten die Menschen, die Sie kennen, und rufen weiter mich an, wenn etwas "
                "nicht so ist, wie es sein soll.",
            ),
        },
        "webinar_follow_up": {
            "a1": (
                "Danke, dass Sie bei unserem Webinar waren",
                "danke, dass Sie sich Zeit für unser Webinar genommen haben. Ich hoffe, es war "
                "etwas Nützliches dabei.",
                "Viele wollten wissen, wie es in ihrem Unternehmen aussähe. Das zeige ich gern, "
                'mit einem Beispiel für {{ organization.name | default: "Ihre Branche" }}, in '
                "einer halben Stunde. Welcher Tag passt Ihnen?",
            ),
            "e1y": _OUR_MEETING,
            "e2": (
                "Fragen nach dem Webinar?",
                "eine kurze Erinnerung, falls meine E-Mail nach dem Webinar untergegangen ist.",
                "Beschäftigt Sie seitdem eine Frage, schreiben Sie sie mir, und ich suche die "
                "Antwort. Und wenn Sie es lieber sehen als lesen: Eine halbe Stunde genügt.",
            ),
            "e2y": _OUR_MEETING,
            "c3": (
                "Wegen der nächsten Schritte anrufen",
                "Fragen, was sie zum Webinar geführt hat und was sie sehen müssten.",
            ),
            "e3y": (
                "Nach unserem Gespräch",
                "danke für das Gespräch eben. Wie vereinbart schicke ich gleich eine Einladung mit "
                "Link.",
                "Fällt Ihnen noch etwas ein, das Sie sehen möchten, genügt eine Zeile an mich.",
            ),
            "e4": (
                "Meine letzte E-Mail zum Webinar",
                "ich möchte Ihr Postfach nicht füllen; dies ist meine letzte E-Mail zum Webinar.",
                "Möchten Sie sehen, wie es für "
                '{{ organization.name | default: "Sie" }} aussähe, antworten Sie mit einem Tag, um '
                "den Rest kümmere ich mich. Sonst wünsche ich Ihnen viel Erfolg, und Sie wissen, "
                "wo Sie mich finden.",
            ),
            "e4y": _OUR_MEETING,
            "q": (
                "Lead qualifizieren",
                "Bedarf, Budget, Entscheidung, Zeit: Was wissen wir, und was fehlt?",
            ),
            "m": (
                "Termin für die Produktdemo vereinbaren",
                "Einladung mit Link schicken und ein Beispiel aus ihrer Branche vorbereiten.",
            ),
        },
    },
)
