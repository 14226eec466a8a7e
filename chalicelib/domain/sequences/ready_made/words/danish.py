"""The ready-made sequences in Danish."""

from typing import Final

from chalicelib.domain.sequences.ready_made.words.translation import Translation

_SHARE: Final = (
    "Ring og fortæl om mødet, de gik glip af",
    "Tak for svaret. Sig i to sætninger, hvad mødet skulle handle om, send materialet bagefter, og "
    "aftal en ny tid, inden I lægger på.",
)
_DETAILS: Final = (
    "Din plads er reserveret: det praktiske",
    "Dejligt at høre fra dig, og dejligt, at du kommer. Her er, hvad du skal vide:",
    "<ul><li>Hvornår: [dag, fra, til]</li><li>Hvor: [adresse eller link]</li>"
    "<li>Program: [link]</li></ul>",
    "Dørene åbner en halv time før. Sig til, hvis du tager nogen med, eller hvis der er noget, du "
    "ikke spiser.",
)
_DEMO: Final = (
    "Aftal mødet og vis produktet",
    "Send invitationen med link, spørg, hvad de vil se, forbered et eksempel fra deres egen "
    "branche, og vis det.",
)
_OUR_MEETING: Final = (
    "Vores møde",
    "Dejligt at høre fra dig. Jeg sender om lidt en invitation med link.",
    "Så vi bruger tiden godt: skriv gerne på et par linjer, hvad du vil se, og hvem der ellers "
    "deltager.",
)

DANISH: Final = Translation(
    language="da",
    greeting='Hej {{ person.first_name | default: "med dig" }},',
    closing="Venlig hilsen<br>{{ sender.signature | default: sender.name | newline_to_br }}",
    names={
        "contact_no_show": "Følg op, når nogen ikke kommer til mødet",
        "high_volume_prospecting": "Opsøgende salg i stort omfang",
        "event_invite": "Invitér til et arrangement",
        "product_demo": "Møde efter ønske om demo",
        "account_renewal": "Kommende fornyelse af aftale",
        "webinar_follow_up": "Opfølgning efter webinar",
    },
    said={
        "contact_no_show": {
            "e1": (
                "Vi gik fejl af hinanden i dag",
                "Vi havde et møde i kalenderen i dag, og jeg kunne ikke få fat i dig. Den slags "
                "sker, og jeg håber ikke, det var noget alvorligt.",
                "Jeg vil stadig gerne tale med dig. Passer en anden tid i denne uge? Svar med dag "
                "og klokkeslæt, så sender jeg invitationen.",
            ),
            "c1y": _SHARE,
            "c2": (
                "Ring om mødet, der ikke blev til noget",
                "Intet svar på mailen endnu. Spørg, om mødet stadig er aktuelt, og foreslå to "
                "tider.",
            ),
            "t2y": (
                "Gennemgå og send det, mødet skulle handle om",
                "Send det, du lovede i telefonen, sammen med den nye mødetid.",
            ),
            "e3": (
                "I overmorgen klokken ti?",
                "Jeg har prøvet at ringe til dig uden held, så lad mig gøre det nemt: jeg holder "
                "en halv time fri til os i overmorgen klokken ti.",
                "Passer det, er et kort ja nok. Ellers nævn en anden tid, så flytter jeg den. Og "
                "er emnet ikke længere aktuelt, så sig til, og jeg holder op med at spørge.",
            ),
            "c3y": _SHARE,
            "t4": (
                "Kontakt andre i virksomheden",
                "To mails og et opkald uden svar. Find en kollega hos "
                '{{ organization.name | default: "virksomheden" }}, der går op i det samme.',
            ),
        },
        "high_volume_prospecting": {
            "a1": (
                'Et spørgsmål om {{ organization.name | default: "jeres team" }}',
                "Jeg hedder {{ sender.first_name | default: sender.name }} og skriver først, så "
                "mit opkald ikke kommer helt uventet.",
                'Vi arbejder med virksomheder som {{ organization.name | default: "jeres" }} og '
                "begynder som regel med ét spørgsmål: hvad tager mere tid hos jer, end det burde? "
                "Kan vi tage noget af det, viser det sig på en halv time. Ellers siger jeg det.",
                "Jeg ringer en af de nærmeste dage. Passer en bestemt dag bedre, så svar bare.",
            ),
            "l1": (
                "Læs op på virksomheden og personen",
                "Hvad laver de, hvem bestemmer, hvad er nyt? Notér én ting at åbne samtalen med.",
            ),
            "c2": (
                "Første opkald: tal sammen, aftal møde",
                "Henvis til mailen. Spørg til deres arbejde, før du fortæller om vores, og aftal "
                "et møde, hvis der er noget at tale om.",
            ),
            "l2y": (
                "Skab kontakt på LinkedIn",
                "Send en invitation, mens de husker samtalen, og tak for tiden.",
            ),
            "a3": (
                "Jeg prøvede at få fat i dig",
                "Jeg prøvede at ringe og ramte nok et dårligt øjeblik.",
                "Mit spørgsmål er det samme: er der arbejde hos "
                '{{ organization.name | default: "jer" }}, som æder timer, og som ingen ville '
                "savne? Én sætning som svar er nok til, at jeg kan se, om vi kan hjælpe.",
                "Ellers prøver jeg en gang til på telefonen i de nærmeste dage.",
            ),
            "c3": (
                "Andet opkald: tal sammen, aftal møde",
                "Vælg et andet tidspunkt på dagen end sidst. To mails er sendt; spørg, om emnet "
                "overhovedet er deres.",
            ),
            "c4": (
                "Sidste opkald: tal sammen, aftal møde",
                "Sidste forsøg. Læg en venlig besked, der siger det; uden svar bliver leadet "
                "diskvalificeret.",
            ),
        },
        "event_invite": {
            "e1": (
                "En invitation til dig",
                "Vi inviterer en lille kreds til en eftermiddag med oplæg og gode samtaler, og jeg "
                "ville blive glad for at se dig. Det handler om det, der går igen i de fleste af "
                "mine samtaler for tiden, og der er god tid til at sammenligne med andre i samme "
                "situation.",
                "Må jeg skrive dig på listen? Et kort ja er nok, så sender jeg sted, tid og "
                "program.",
            ),
            "e1y": _DETAILS,
            "e2": (
                "Skal jeg holde din plads?",
                "Listen til vores arrangement bliver fyldt op, og jeg holder stadig en plads til "
                "dig.",
                "Kan du ikke selv, er en kollega fra "
                '{{ organization.name | default: "jeres virksomhed" }} lige så velkommen. Skal jeg '
                "beholde pladsen?",
            ),
            "e2y": _DETAILS,
            "c3": (
                "Ring og invitér",
                "To invitationer uden svar. Invitér personligt, og spørg, hvem der ellers hos dem "
                "kunne have lyst til at komme.",
            ),
            "e3y": (
                "Som lovet: din plads til vores arrangement",
                "Som lovet i telefonen: din plads er reserveret.",
                "<ul><li>Hvornår: [dag, fra, til]</li><li>Hvor: [adresse eller link]</li>"
                "<li>Program: [link]</li></ul>",
                "Kommer der noget i vejen, er en linje til mig nok, så bliver en på ventelisten "
                "glad.",
            ),
        },
        "product_demo": {
            "e1": (
                "Din demo: tak, fordi du spurgte",
                "Tak, fordi du bad om en demo. Jeg tager mig af dig herfra.",
                "Så tiden går til det, der er vigtigt for dig: hvilken opgave vil du se løst, og "
                'hvem fra {{ organization.name | default: "jeres virksomhed" }} bør ellers være '
                "med? I morgen vender jeg tilbage med tider at vælge imellem.",
            ),
            "l1": (
                "Læs op på kunden",
                "Hvem spurgte, hvem refererer de til, og hvad vil de måske løse?",
            ),
            "l2": ("Skab kontakt til kunden", "Nævn den demo, de bad om."),
            "e2": (
                "Hvornår skal vi se på det sammen?",
                "Hvornår skal vi se på det sammen? Jeg foreslår 45 minutter: en halv times demo og "
                "resten til dine spørgsmål.",
                "I morgen eller i overmorgen, klokken ti eller to, passer mig. Svar med den tid, "
                "du helst vil have, eller foreslå din egen.",
            ),
            "t2y": _DEMO,
            "t3y": _DEMO,
            "t4y": _DEMO,
            "c3": (
                "Ring om en tid til demo",
                "De bad om demoen, så spørg efter en dag; hav kalenderen åben.",
            ),
            "c4": (
                "Opfølgende opkald",
                "Sidste forsøg: spørg, om de stadig ønsker en demo. Uden svar lukkes handlen som "
                "tabt.",
            ),
        },
        "account_renewal": {
            "s1": (
                "Kontrollér kunde- og aftaleoplysninger",
                "Slutdato, opsigelsesvarsel, priser, kontaktpersoner: passer det, vi har?",
            ),
            "s2": (
                "Jeres fornyelse: hvordan er året gået?",
                'Aftalen mellem {{ organization.name | default: "jer" }} og os skal snart fornyes. '
                "Før vi taler om papirer, vil jeg gerne høre, hvordan året er gået: hvad der har "
                "fungeret, hvad der ikke har, og hvad der har ændret sig hos jer.",
                "Kan vi tage en halv time i løbet af de næste to uger? Nævn en tid, så sender jeg "
                "invitationen.",
            ),
            "s3": (
                "Se, hvilke produkter og funktioner der bruges; undersøg tilkøb",
                "Hvad bruges meget, hvad slet ikke, og hvad ville hjælpe dem videre?",
            ),
            "s4": (
                "Svar på spørgsmål; foreslå tilkøb",
                "Lyt først. Tilbyd kun det tilkøb, der svarer på noget, de har sagt.",
            ),
            "s5": (
                "Notér opgaverne fra samtalen, og løs dem",
                "Hvem gør hvad til hvornår; fortæl kunden, hvad der arbejdes på.",
            ),
            "s6": (
                "De åbne punkter er besvaret",
                "Tak for den åbne samtale. Jeg har gennemgået det, der stod tilbage, og kan svare "
                "nu.",
                "Skal vi gå det igennem sammen, før jeg skriver tilbuddet? Tyve minutter er nok. "
                "Er der kommet et nyt spørgsmål, så send det, og jeg tager de rette folk med.",
            ),
            "s7": ("Forbered tilbuddet", "Med de tilkøb, de spurgte til, på en linje for sig."),
            "s8": (
                "Få tilbuddet godkendt i salgsteamet",
                "Rabatter og særlige vilkår skal have et ja, før kunden ser dem.",
            ),
            "s9": (
                "Gennemgå det godkendte tilbud",
                "Tag det linje for linje; det, der overrasker på papir, koster en uge.",
            ),
            "s10": (
                "Vores tilbud på jeres fornyelse",
                "Som aftalt får I her vores tilbud på den kommende periode. Det rummer det, vi "
                "blev enige om i telefonen: omfang, priser og de vilkår, der er ændret.",
                "Læs det i ro og mag, og notér, hvad I undrer jer over. Jeg ringer om en uge, så "
                "vi kan få det sidste på plads.",
            ),
            "s11": ("Gør tilbuddet færdigt", "Afklar resten, og aftal dag for underskrift."),
            "s12": (
                "Gennemgå og underskriv aftalen",
                "Send den til underskrift, og vær klar til spørgsmål fra deres jurister.",
            ),
            "s13": (
                "Tak for et år mere",
                "Den underskrevne aftale er kommet. Tak for endnu et år sammen; vi tager det ikke "
                "for givet.",
                "I beholder de mennesker, I kender, og det er stadig mig, I ringer til, når noget "
                "ikke er, som det skal være.",
            ),
        },
        "webinar_follow_up": {
            "a1": (
                "Tak, fordi du var med til vores webinar",
                "Tak, fordi du tog dig tid til vores webinar. Jeg håber, der var noget, du kan "
                "bruge.",
                "Mange spurgte, hvordan det ville se ud i deres egen virksomhed. Det viser jeg "
                'gerne, med et eksempel fra {{ organization.name | default: "jeres branche" }}, på '
                "en halv time. Hvilken dag passer dig?",
            ),
            "e1y": _OUR_MEETING,
            "e2": (
                "Spørgsmål efter webinaret?",
                "En kort påmindelse, hvis min mail efter webinaret druknede mellem de andre.",
                "Har du gået og tænkt på et spørgsmål siden, så skriv det til mig, og jeg finder "
                "svaret. Vil du hellere se det end læse om det, er en halv time nok.",
            ),
            "e2y": _OUR_MEETING,
            "c3": (
                "Ring om næste skridt",
                "Spørg, hvad der førte dem til webinaret, og hvad de ville have brug for at se.",
            ),
            "e3y": (
                "Efter vores samtale",
                "Tak for samtalen lige nu. Som aftalt sender jeg om lidt en invitation med link.",
                "Kommer du i tanke om noget, du gerne vil se, er en linje til mig nok.",
            ),
            "e4": (
                "Min sidste mail om webinaret",
                "Jeg vil ikke fylde din indbakke, så dette er min sidste mail om webinaret.",
                "Vil du se, hvordan det ville fungere for "
                '{{ organization.name | default: "jer" }}, så svar med en dag, og jeg klarer '
                "resten. Ellers ønsker jeg dig held og lykke, og du ved, hvor jeg er.",
            ),
            "e4y": _OUR_MEETING,
            "q": (
                "Kvalificér leadet",
                "Behov, budget, beslutning, tid: hvad ved vi, og hvad mangler?",
            ),
            "m": (
                "Aftal mødet om produktdemo",
                "Send invitationen med link, og forbered et eksempel fra deres branche.",
            ),
        },
    },
)
