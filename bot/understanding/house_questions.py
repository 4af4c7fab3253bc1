"""Words that ask about the house itself: costs, waiting, hours, places, and who writes here."""

HOUSE_QUESTIONS: dict[tuple[str, str], str] = {
    ("wish", "cost"): "was kostet|wie teuer|wieviel kostet|wie viel kostet|was muss ich zahlen"
    "|was muss ich bezahlen|muss ich etwas bezahlen|muss ich etwas zahlen|muss ich das bezahlen"
    "|muss ich das selbst bezahlen|zahlt das die krankenkasse|zahlt das die kasse"
    "|zahlt das meine kasse|übernimmt das die krankenkasse|übernimmt das die kasse"
    "|what does it cost|what does this cost|what do i pay|what do i have to pay|do i have to pay"
    "|how much does it cost|how much does this cost|how much is it|is it free"
    "|does insurance pay|does my insurance pay",
    ("wish", "how_long"): "wie lange muss ich warten|wie lange dauert das|wie lange dauert es"
    "|wie lang ist die wartezeit|wie lange ist die wartezeit|wie lange wartet man"
    "|how long do i have to wait|how long do i wait|how long will i wait|how long is the wait"
    "|how long does it take|how long will it take",
    ("wish", "robot"): "sind sie ein mensch|bist du ein mensch|sind sie ein roboter"
    "|bist du ein roboter|bist du ein bot|sind sie ein bot|ist das ein bot|bist du echt"
    "|sind sie echt|bist du eine ki|sind sie eine ki|ist das eine ki|ist das ein roboter"
    "|are you a human|are you human|are you a real person|are you a person|are you real"
    "|are you a robot|are you a bot|are you a machine|are you an ai|is this a bot|is this a robot",
    ("wish", "hours"): "haben sie offen|haben sie geöffnet|habt ihr offen|habt ihr geöffnet"
    "|öffnungszeiten|sprechzeiten|opening hours|opening times|are you open",
    ("wish", "places"): "wo sind sie|wo seid ihr|wo ist die praxis|wo sind die praxen"
    "|wo finde ich sie|wo finde ich euch|where are you|where is the practice"
    "|where are the practices",
}
