"""The ready-made sequences in Swedish."""

from typing import Final

from chalicelib.domain.sequences.ready_made.words.translation import Translation

_SHARE: Final = (
    "Ring och berätta om det missade mötet",
    "Tacka för svaret. Säg i två meningar vad mötet skulle handla om, skicka materialet efteråt "
    "och bestäm en ny tid innan ni lägger på.",
)
_DETAILS: Final = (
    "Din plats är bokad: det praktiska",
    "Roligt att höra av dig, och roligt att du kommer. Det här behöver du veta:",
    "<ul><li>När: [dag, från, till]</li><li>Var: [adress eller länk]</li>"
    "<li>Program: [länk]</li></ul>",
    "Dörrarna öppnar en halvtimme innan. Säg till om du tar med någon eller om det är något du "
    "inte äter.",
)
_DEMO: Final = (
    "Boka mötet och visa produkten",
    "Skicka inbjudan med länk, fråga vad de vill se, förbered ett exempel ur deras egen bransch "
    "och visa det.",
)
_OUR_MEETING: Final = (
    "Vårt möte",
    "Roligt att höra av dig. Jag skickar strax en inbjudan med länk.",
    "För att vi ska använda tiden väl: skriv gärna på ett par rader vad du vill se och vilka fler "
    "som är med.",
)

SWEDISH: Final = Translation(
    language="sv",
    greeting='Hej {{ person.first_name | default: "där" }},',
    closing="Vänliga hälsningar<br>{{ sender.signature | default: sender.name | newline_to_br }}",
    names={
        "contact_no_show": "Följ upp när någon inte kommer till mötet",
        "high_volume_prospecting": "Prospektering i stor skala",
        "event_invite": "Bjud in till ett evenemang",
        "product_demo": "Möte efter en demoförfrågan",
        "account_renewal": "Kommande avtalsförnyelse",
        "webinar_follow_up": "Uppföljning efter webbinarium",
    },
    said={
        "contact_no_show": {
            "e1": (
                "Vi missade varandra i dag",
                "Vi hade ett möte inbokat i dag och jag fick inte tag på dig. Sådant händer, och "
                "jag hoppas att det inte var något allvarligt.",
                "Jag vill fortfarande gärna prata med dig. Passar en annan tid den här veckan? "
                "Svara med dag och klockslag så skickar jag en inbjudan.",
            ),
            "c1y": _SHARE,
            "c2": (
                "Ring om det missade mötet",
                "Inget svar på mejlet än. Fråga om mötet fortfarande är aktuellt och föreslå två "
                "tider.",
            ),
            "t2y": (
                "Gå igenom och skicka det som skulle ha tagits upp",
                "Skicka det du lovade i telefonen, med den nya mötestiden.",
            ),
            "e3": (
                "I övermorgon klockan tio?",
                "Jag har försökt nå dig på telefon utan att lyckas, så låt mig göra det enkelt: "
                "jag håller en halvtimme för oss i övermorgon klockan tio.",
                "Passar det räcker ett kort ja. Annars, säg en annan tid så flyttar jag den. Och "
                "är frågan inte aktuell längre, säg till så slutar jag fråga.",
            ),
            "c3y": _SHARE,
            "t4": (
                "Kontakta andra på företaget",
                "Två mejl och ett samtal utan svar. Leta upp en kollega på "
                '{{ organization.name | default: "företaget" }} som bryr sig om samma fråga.',
            ),
        },
        "high_volume_prospecting": {
            "a1": (
                'En fråga om {{ organization.name | default: "ert team" }}',
                "Jag heter {{ sender.first_name | default: sender.name }} och skriver först, så "
                "att mitt samtal inte kommer som en överraskning.",
                'Vi arbetar med företag som {{ organization.name | default: "ert" }} och börjar '
                "oftast med en fråga: vad tar mer tid för er än det borde? Kan vi lyfta av er en "
                "del av det visar det sig på en halvtimme. Om inte säger jag det.",
                "Jag ringer de närmaste dagarna. Passar en viss dag bättre är det bara att svara.",
            ),
            "l1": (
                "Läs på om företaget och personen",
                "Vad gör de, vem bestämmer, vad är nytt? Notera en sak att inleda samtalet med.",
            ),
            "c2": (
                "Första samtalet: prata, boka möte",
                "Hänvisa till mejlet. Fråga om deras arbete innan du berättar om vårt, och boka "
                "ett möte om det finns något att prata om.",
            ),
            "l2y": (
                "Knyt kontakt på LinkedIn",
                "Skicka en inbjudan medan de minns samtalet, och tacka för tiden.",
            ),
            "a3": (
                "Jag försökte nå dig",
                "Jag försökte ringa och valde nog fel stund.",
                "Min fråga är densamma: finns det arbete hos "
                '{{ organization.name | default: "er" }} som slukar timmar och som ingen skulle '
                "sakna? En mening till svar räcker för att jag ska se om vi kan hjälpa till.",
                "Annars ringer jag en gång till de närmaste dagarna.",
            ),
            "c3": (
                "Andra samtalet: prata, boka möte",
                "Välj en annan tid på dagen än förra gången. Två mejl har gått; fråga om ämnet "
                "alls är deras.",
            ),
            "c4": (
                "Sista samtalet: prata, boka möte",
                "Sista försöket. Lämna ett vänligt meddelande som säger det; utan svar avskrivs "
                "leadet.",
            ),
        },
        "event_invite": {
            "e1": (
                "En inbjudan till dig",
                "Vi bjuder in en liten krets till en eftermiddag med föredrag och goda samtal, och "
                "jag skulle gärna se dig där. Det handlar om det som kommer upp i de flesta av "
                "mina samtal just nu, och det finns gott om tid att jämföra med andra.",
                "Får jag sätta upp dig på listan? Ett kort ja räcker, så skickar jag plats, tid "
                "och program.",
            ),
            "e1y": _DETAILS,
            "e2": (
                "Ska jag hålla din plats?",
                "Listan till vårt evenemang fylls på, och jag håller fortfarande en plats för dig.",
                "Kan du inte själv är en kollega från "
                '{{ organization.name | default: "ert företag" }} lika välkommen. Ska jag behålla '
                "platsen?",
            ),
            "e2y": _DETAILS,
            "c3": (
                "Ring och bjud in",
                "Två inbjudningar utan svar. Bjud in personligen och fråga vem mer hos dem som "
                "kan vilja komma.",
            ),
            "e3y": (
                "Som utlovat: din plats på vårt evenemang",
                "Som utlovat i telefonen: din plats är bokad.",
                "<ul><li>När: [dag, från, till]</li><li>Var: [adress eller länk]</li>"
                "<li>Program: [länk]</li></ul>",
                "Får du förhinder räcker en rad till mig, så blir någon på väntelistan glad.",
            ),
        },
        "product_demo": {
            "e1": (
                "Din demo: tack för att du frågade",
                "Tack för att du bad om en demo. Jag tar hand om dig härifrån.",
                "För att tiden ska gå till det som är viktigt för dig: vilken uppgift vill du se "
                "löst, och vilka fler från "
                '{{ organization.name | default: "ert företag" }} bör vara med? I morgon '
                "återkommer jag med tider att välja på.",
            ),
            "l1": (
                "Läs på om kunden",
                "Vem frågade, vem rapporterar de till, och vad kan de vilja lösa?",
            ),
            "l2": ("Knyt kontakt med kunden", "Nämn demon de bad om."),
            "e2": (
                "När ska vi titta på det tillsammans?",
                "När ska vi titta på det tillsammans? Jag föreslår 45 minuter: en halvtimme demo "
                "och resten för dina frågor.",
                "I morgon eller i övermorgon, klockan tio eller två, passar mig. Svara med den tid "
                "du vill ha eller föreslå en egen.",
            ),
            "t2y": _DEMO,
            "t3y": _DEMO,
            "t4y": _DEMO,
            "c3": (
                "Ring om en tid för demo",
                "De bad om demon, så fråga efter en dag; ha kalendern öppen.",
            ),
            "c4": (
                "Uppföljande samtal",
                "Sista försöket: fråga om en demo fortfarande önskas. Utan svar stängs affären "
                "som förlorad.",
            ),
        },
        "account_renewal": {
            "s1": (
                "Kontrollera kund- och avtalsuppgifter",
                "Slutdatum, uppsägningstid, priser, kontaktpersoner: stämmer det vi har?",
            ),
            "s2": (
                "Er förnyelse: hur har året varit?",
                'Avtalet mellan {{ organization.name | default: "ert företag" }} och oss ska snart '
                "förnyas. Innan vi talar om papper vill jag höra hur året varit: vad som fungerat, "
                "vad som inte gjort det, och vad som ändrats hos er.",
                "Kan vi ta en halvtimme de närmaste två veckorna? Föreslå en tid så skickar jag "
                "inbjudan.",
            ),
            "s3": (
                "Se vilka produkter och funktioner som används; undersök tillägg",
                "Vad används mycket, vad inte alls, och vad skulle hjälpa dem härnäst?",
            ),
            "s4": (
                "Svara på frågor; föreslå tillägg",
                "Lyssna först. Erbjud bara det tillägg som svarar på något de sagt.",
            ),
            "s5": (
                "Skriv ner det som ska göras efter samtalet och gör det",
                "Vem gör vad till när; berätta för kunden vad som är på gång.",
            ),
            "s6": (
                "De öppna frågorna är besvarade",
                "Tack för det öppna samtalet. Jag har gått igenom det som var oklart och kan svara "
                "nu.",
                "Ska vi gå igenom det tillsammans innan jag skriver offerten? Tjugo minuter "
                "räcker. Har en ny fråga dykt upp, skicka den så tar jag med rätt personer.",
            ),
            "s7": (
                "Förbered offerten för förnyelsen",
                "Med tilläggen de frågade om på en egen rad.",
            ),
            "s8": (
                "Stäm av offerten med säljteamet",
                "Rabatter och särskilda villkor ska godkännas innan kunden ser dem.",
            ),
            "s9": (
                "Gå igenom den godkända offerten",
                "Gå igenom rad för rad; det som överraskar på papper kostar en vecka.",
            ),
            "s10": (
                "Vår offert för er förnyelse",
                "Som vi sagt, här är vår offert för nästa period. Den innehåller det vi kom "
                "överens om i telefonen: omfattning, priser och de villkor som ändrats.",
                "Läs den i lugn och ro och notera det ni undrar över. Jag ringer om en vecka så "
                "att vi kan reda ut det sista.",
            ),
            "s11": (
                "Slutför offerten",
                "Red ut det som återstår och bestäm dag för underskrift.",
            ),
            "s12": (
                "Gå igenom och skriv under avtalet",
                "Skicka det för underskrift och finns till hands för juristernas frågor.",
            ),
            "s13": (
                "Tack för ett år till",
                "Det underskrivna avtalet har kommit. Tack för ännu ett år tillsammans; vi tar det "
                "inte för givet.",
                "Ni behåller de personer ni känner, och det är fortfarande mig ni ringer när något "
                "inte är som det ska.",
            ),
        },
        "webinar_follow_up": {
            "a1": (
                "Tack för att du var med på vårt webbinarium",
                "Tack för att du tog dig tid för vårt webbinarium. Jag hoppas att det fanns något "
                "du har nytta av.",
                "Många undrade hur det skulle se ut i deras eget företag. Jag visar det gärna, med "
                'ett exempel från {{ organization.name | default: "er bransch" }}, på en '
                "halvtimme. Vilken dag passar?",
            ),
            "e1y": _OUR_MEETING,
            "e2y": _OUR_MEETING,
            "e4y": _OUR_MEETING,
            "e2": (
                "Några frågor efter webbinariet?",
                "En kort påminnelse, om mitt mejl efter webbinariet försvann bland de andra.",
                "Har du gått och tänkt på en fråga sedan dess, skriv den till mig så tar jag reda "
                "på svaret. Och vill du hellre se än läsa räcker en halvtimme.",
            ),
            "c3": (
                "Ring om nästa steg",
                "Fråga vad som förde dem till webbinariet och vad de skulle behöva se.",
            ),
            "e3y": (
                "Efter vårt samtal",
                "Tack för samtalet nyss. Som vi sa skickar jag strax en inbjudan med länk.",
                "Kommer du på något du vill se räcker en rad till mig.",
            ),
            "e4": (
                "Mitt sista mejl om webbinariet",
                "Jag vill inte fylla din inkorg, så det här är mitt sista mejl om webbinariet.",
                "Vill du se hur det skulle fungera för "
                '{{ organization.name | default: "er" }}, svara med en dag så ordnar jag resten. '
                "Annars önskar jag dig lycka till, och du vet var jag finns.",
            ),
            "q": (
                "Kvalificera leadet",
                "Behov, budget, beslut, tid: vad vet vi, och vad saknas?",
            ),
            "m": (
                "Boka mötet för produktdemo",
                "Skicka inbjudan med länk och förbered ett exempel ur deras bransch.",
            ),
        },
    },
)
