"""The ready-made sequences in Norwegian (bokmål)."""

from typing import Final

from chalicelib.domain.sequences.ready_made.words.translation import Translation

_SHARE: Final = (
    "Ring og fortell om møtet de gikk glipp av",
    "Takk for svaret. Si i to setninger hva møtet skulle handle om, send materialet etterpå, og "
    "avtal en ny tid før dere legger på.",
)
_DETAILS: Final = (
    "Plassen din er reservert: det praktiske",
    "Hyggelig å høre fra deg, og fint at du kommer. Dette trenger du å vite:",
    "<ul><li>Når: [dag, fra, til]</li><li>Hvor: [adresse eller lenke]</li>"
    "<li>Program: [lenke]</li></ul>",
    "Dørene åpner en halvtime før. Si fra om du tar med noen, eller om det er noe du ikke spiser.",
)
_DEMO: Final = (
    "Sett opp møtet og vis produktet",
    "Send invitasjonen med lenke, spør hva de vil se, forbered et eksempel fra deres egen bransje, "
    "og vis det.",
)
_OUR_MEETING: Final = (
    "Møtet vårt",
    "Hyggelig å høre fra deg. Jeg sender straks en invitasjon med lenke.",
    "For at vi skal bruke tiden godt: skriv gjerne på et par linjer hva du vil se, og hvem andre "
    "som blir med.",
)

NORWEGIAN: Final = Translation(
    language="nb",
    greeting='Hei {{ person.first_name | default: "der" }},',
    closing="Vennlig hilsen<br>{{ sender.signature | default: sender.name | newline_to_br }}",
    names={
        "contact_no_show": "Følg opp når noen ikke kommer til møtet",
        "high_volume_prospecting": "Prospektering i stort omfang",
        "event_invite": "Inviter til et arrangement",
        "product_demo": "Møte etter forespørsel om demo",
        "account_renewal": "Kommende fornyelse av avtale",
        "webinar_follow_up": "Oppfølging etter webinar",
    },
    said={
        "contact_no_show": {
            "e1": (
                "Vi gikk glipp av hverandre i dag",
                "Vi hadde et møte i kalenderen i dag, og jeg fikk ikke tak i deg. Slikt skjer, og "
                "jeg håper det ikke var noe alvorlig.",
                "Jeg vil fortsatt gjerne snakke med deg. Passer en annen tid denne uken? Svar med "
                "dag og klokkeslett, så sender jeg invitasjonen.",
            ),
            "c1y": _SHARE,
            "c2": (
                "Ring om møtet som ikke ble noe av",
                "Ikke svar på e-posten ennå. Spør om møtet fortsatt er aktuelt, og foreslå to "
                "tider.",
            ),
            "t2y": (
                "Gå gjennom og send det møtet skulle handle om",
                "Send det du lovte på telefonen, med den nye møtetiden.",
            ),
            "e3": (
                "I overmorgen klokken ti?",
                "Jeg har forsøkt å nå deg på telefon uten hell, så la meg gjøre det enkelt: jeg "
                "holder av en halvtime til oss i overmorgen klokken ti.",
                "Passer det, er et kort ja nok. Ellers sier du en annen tid, så flytter jeg den. "
                "Og er saken ikke lenger aktuell, si fra, så slutter jeg å spørre.",
            ),
            "c3y": _SHARE,
            "t4": (
                "Kontakt andre i bedriften",
                "To e-poster og en samtale uten svar. Finn en kollega hos "
                '{{ organization.name | default: "bedriften" }} som er opptatt av det samme.',
            ),
        },
        "high_volume_prospecting": {
            "a1": (
                'Et spørsmål om {{ organization.name | default: "teamet ditt" }}',
                "Jeg heter {{ sender.first_name | default: sender.name }}, og jeg skriver først "
                "slik at samtalen min ikke kommer som lyn fra klar himmel.",
                "Vi arbeider med bedrifter som "
                '{{ organization.name | default: "deres" }} og begynner som regel med ett '
                "spørsmål: hva tar mer tid hos dere enn det burde? Kan vi ta noe av det, viser det "
                "seg på en halvtime. Hvis ikke, sier jeg det.",
                "Jeg ringer en av de nærmeste dagene. Passer én dag bedre, er det bare å svare.",
            ),
            "l1": (
                "Les deg opp på bedriften og personen",
                "Hva gjør de, hvem bestemmer, hva er nytt? Noter én ting å åpne samtalen med.",
            ),
            "c2": (
                "Første samtale: snakk sammen, avtal møte",
                "Vis til e-posten. Spør om arbeidet deres før du forteller om vårt, og avtal et "
                "møte om det er noe å snakke om.",
            ),
            "l2y": (
                "Knytt kontakt på LinkedIn",
                "Send en invitasjon mens de husker samtalen, og takk for tiden.",
            ),
            "a3": (
                "Jeg forsøkte å nå deg",
                "Jeg forsøkte å ringe og traff nok et dårlig øyeblikk.",
                "Spørsmålet mitt er det samme: finnes det arbeid hos "
                '{{ organization.name | default: "dere" }} som spiser timer, og som ingen ville '
                "savne? Én setning til svar er nok til at jeg ser om vi kan hjelpe.",
                "Ellers prøver jeg én gang til på telefon de nærmeste dagene.",
            ),
            "c3": (
                "Andre samtale: snakk sammen, avtal møte",
                "Velg et annet tidspunkt på dagen enn sist. To e-poster er sendt; spør om saken i "
                "det hele tatt er deres.",
            ),
            "c4": (
                "Siste samtale: snakk sammen, avtal møte",
                "Siste forsøk. Legg igjen en vennlig beskjed som sier det; uten svar blir leadet "
                "diskvalifisert.",
            ),
        },
        "event_invite": {
            "e1": (
                "En invitasjon til deg",
                "Vi inviterer en liten krets til en ettermiddag med foredrag og gode samtaler, og "
                "jeg ville bli glad for å se deg. Det handler om det som går igjen i de fleste "
                "samtalene mine for tiden, og det er god tid til å sammenligne med andre i samme "
                "stilling.",
                "Kan jeg sette deg på listen? Et kort ja er nok, så sender jeg sted, tid og "
                "program.",
            ),
            "e1y": _DETAILS,
            "e2": (
                "Skal jeg holde av plassen din?",
                "Listen til arrangementet fylles opp, og jeg holder fortsatt av en plass til deg.",
                "Kan du ikke selv, er en kollega fra "
                '{{ organization.name | default: "bedriften" }} like velkommen. Skal jeg beholde '
                "plassen?",
            ),
            "e2y": _DETAILS,
            "c3": (
                "Ring og inviter",
                "To invitasjoner uten svar. Inviter personlig, og spør hvem andre hos dem som "
                "kunne tenke seg å komme.",
            ),
            "e3y": (
                "Som lovet: plassen din på arrangementet",
                "Som lovet på telefonen: plassen din er reservert.",
                "<ul><li>Når: [dag, fra, til]</li><li>Hvor: [adresse eller lenke]</li>"
                "<li>Program: [lenke]</li></ul>",
                "Kommer det noe i veien, er en linje til meg nok, så blir en på ventelisten glad.",
            ),
        },
        "product_demo": {
            "e1": (
                "Demoen din: takk for at du spurte",
                "Takk for at du ba om en demo. Jeg tar meg av deg herfra.",
                "For at tiden skal gå til det som er viktig for deg: hvilken oppgave vil du se "
                "løst, og hvem andre hos "
                '{{ organization.name | default: "dere" }} bør være med? I morgen kommer jeg '
                "tilbake med tider å velge mellom.",
            ),
            "l1": (
                "Les deg opp på kunden",
                "Hvem spurte, hvem rapporterer de til, og hva vil de kanskje løse?",
            ),
            "l2": ("Knytt kontakt med kunden", "Nevn demoen de ba om."),
            "e2": (
                "Når skal vi se på det sammen?",
                "Når skal vi se på det sammen? Jeg foreslår 45 minutter: en halvtime demo og "
                "resten til spørsmålene dine.",
                "I morgen eller i overmorgen, klokken ti eller to, passer for meg. Svar med tiden "
                "du liker best, eller foreslå en egen.",
            ),
            "t2y": _DEMO,
            "t3y": _DEMO,
            "t4y": _DEMO,
            "c3": (
                "Ring om tid til demo",
                "De ba om demoen, så spør om en dag; ha kalenderen åpen.",
            ),
            "c4": (
                "Oppfølgingssamtale",
                "Siste forsøk: spør om en demo fortsatt er ønsket. Uten svar lukkes avtalen som "
                "tapt.",
            ),
        },
        "account_renewal": {
            "s1": (
                "Kontroller kunde- og avtaleopplysninger",
                "Sluttdato, oppsigelsestid, priser, kontaktpersoner: stemmer det vi har?",
            ),
            "s2": (
                "Fornyelsen deres: hvordan har året vært?",
                'Avtalen mellom {{ organization.name | default: "dere" }} og oss skal snart '
                "fornyes. Før vi snakker om papirer, vil jeg gjerne høre hvordan året har vært: "
                "hva som har fungert, hva som ikke har det, og hva som er endret hos dere.",
                "Kan vi ta en halvtime de neste to ukene? Si en tid, så sender jeg invitasjonen.",
            ),
            "s3": (
                "Se hvilke produkter og funksjoner som brukes; undersøk tillegg",
                "Hva brukes mye, hva slett ikke, og hva ville hjelpe dem videre?",
            ),
            "s4": (
                "Svar på spørsmål; foreslå tillegg",
                "Lytt først. Tilby bare tillegget som svarer på noe de har sagt.",
            ),
            "s5": (
                "Noter oppgavene fra samtalen og gjør dem",
                "Hvem gjør hva til når; fortell kunden hva det arbeides med.",
            ),
            "s6": (
                "De åpne punktene er besvart",
                "Takk for en åpen samtale. Jeg har gått gjennom det som sto igjen, og kan svare "
                "nå.",
                "Skal vi gå gjennom det sammen før jeg skriver tilbudet? Tjue minutter er nok. "
                "Har det dukket opp et nytt spørsmål, send det, så tar jeg med de rette folkene.",
            ),
            "s7": (
                "Forbered tilbudet om fornyelse",
                "Med tilleggene de spurte om på en egen linje.",
            ),
            "s8": (
                "Få tilbudet godkjent av salgsteamet",
                "Rabatter og særvilkår trenger et ja før kunden ser dem.",
            ),
            "s9": (
                "Gå gjennom det godkjente tilbudet",
                "Gå gjennom linje for linje; det som overrasker på papir, koster en uke.",
            ),
            "s10": (
                "Tilbudet vårt på fornyelsen",
                "Som avtalt, her er tilbudet vårt for neste periode. Det inneholder det vi ble "
                "enige om på telefonen: omfang, priser og vilkårene som er endret.",
                "Les det i ro og mak, og noter det dere stusser over. Jeg ringer om en uke, så vi "
                "får avklart resten.",
            ),
            "s11": ("Gjør tilbudet ferdig", "Avklar det som gjenstår, og avtal signeringsdag."),
            "s12": (
                "Gå gjennom og signer avtalen",
                "Send den til signering, og vær der for spørsmålene fra juristene deres.",
            ),
            "s13": (
                "Takk for et år til",
                "Den signerte avtalen har kommet. Takk for enda et år sammen; vi tar det ikke for "
                "gitt.",
                "Dere beholder menneskene dere kjenner, og det er fortsatt meg dere ringer når noe "
                "ikke er som det skal.",
            ),
        },
        "webinar_follow_up": {
            "a1": (
                "Takk for at du var med på webinaret vårt",
                "Takk for at du tok deg tid til webinaret vårt. Jeg håper du fikk noe ut av det.",
                "Mange lurte på hvordan det ville se ut i deres egen bedrift. Jeg viser det "
                "gjerne på en halvtime, med et eksempel fra "
                '{{ organization.name | default: "bransjen deres" }}. Hvilken dag passer?',
            ),
            "e1y": _OUR_MEETING,
            "e2": (
                "Noen spørsmål etter webinaret?",
                "En kort påminnelse, i tilfelle e-posten min etter webinaret druknet blant de "
                "andre.",
                "Har du gått og tenkt på et spørsmål siden, skriv det til meg, så finner jeg "
                "svaret. Og vil du heller se det enn lese om det, er en halvtime nok.",
            ),
            "e2y": _OUR_MEETING,
            "c3": (
                "Ring om neste steg",
                "Spør hva som førte dem til webinaret, og hva de måtte få se.",
            ),
            "e3y": (
                "Etter samtalen vår",
                "Takk for samtalen nå nettopp. Som avtalt sender jeg straks en invitasjon med "
                "lenke.",
                "Kommer du på noe du gjerne vil se, er en linje til meg nok.",
            ),
            "e4": (
                "Min siste e-post om webinaret",
                "Jeg vil ikke fylle innboksen din, så dette er min siste e-post om webinaret.",
                "Vil du se hvordan det ville fungere for "
                '{{ organization.name | default: "dere" }}, svar med en dag, så ordner jeg resten. '
                "Ellers ønsker jeg deg lykke til, og du vet hvor jeg er.",
            ),
            "e4y": _OUR_MEETING,
            "q": (
                "Kvalifiser leadet",
                "Behov, budsjett, beslutning, tid: hva vet vi, og hva mangler?",
            ),
            "m": (
                "Sett opp møtet for produktdemo",
                "Send invitasjonen med lenke, og forbered et eksempel fra bransjen deres.",
            ),
        },
    },
)
