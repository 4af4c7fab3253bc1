"""Words that mean the same in every network: wishes, yes and no, days, whom it is for.

Written as patients write them; the languages stand side by side because people mix them.
A phrase may be several words; `|` parts the phrases.
"""

from bot.understanding.house_questions import HOUSE_QUESTIONS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PHRASES: dict[tuple[str, str], str] = HOUSE_QUESTIONS | {
    # A greeting holds the word for morning or evening and means neither.
    ("nothing", ""): "guten morgen|guten tag|guten abend|gute nacht|good morning|good afternoon"
    "|good evening|good night|schönen abend|schönen tag|heute morgen|absagen bekommen"
    "|absagen erhalten|nur absagen|viele absagen|trotz|meine frage",
    ("wish", "cancel"): "absagen|absage|abzusagen|sage ab|sagen sie ab|stornieren|storno|canceln"
    "|termin löschen|kann nicht kommen|kann doch nicht kommen|kann den termin nicht wahrnehmen"
    "|nicht kommen kann|bin krank und kann nicht|cancel|cancelling|cancellation|call off"
    "|can't come|cannot come|can't make it|cannot make it|won't be able to come",
    ("wish", "move"): "verlegen|verlegung|verschieben|verschiebe|umbuchen|umbuchung|termin ändern"
    "|termin tauschen|anderer tag statt|zu verlegen|zu verschieben|reschedule|rescheduling"
    "|rebook|move my appointment|move the appointment|move it|change my appointment"
    "|change the appointment|postpone",
    ("wish", "list"): "meine termine|meinen termin|mein termin|welche termine habe ich"
    "|wann ist mein termin|habe ich einen termin|wann habe ich|termine anzeigen"
    "|my appointments|my appointment|my bookings|my booking|when is my appointment"
    "|do i have an appointment|show appointments",
    ("wish", "human"): "mit einem menschen|mit einer person|menschen sprechen|echter mensch"
    "|echten menschen|mitarbeiter sprechen|mitarbeiterin sprechen|mit mitarbeiter"
    "|mit einer mitarbeiterin|mit einem mitarbeiter|terminteam|anrufen lassen|rufen sie mich an"
    "|rufen sie mich bitte an|rückruf|ist da jemand|ist jemand da|meldet sich jemand"
    "|von der warteliste|off the waiting list|leave the waiting list|is anyone there"
    "|is anybody there|is there anyone|human|a human|real person|talk to a human|speak to a human"
    "|booking team|call me"
    "|call me back|call back|someone real",
    # "I want to talk to someone about my anxiety" looks for therapy, not for the office.
    ("wish", "someone"): "mit jemandem sprechen|mit jemand sprechen|mit jemand reden"
    "|mit jemandem reden|jemanden sprechen|talk to someone|speak to someone|talk to somebody"
    "|speak to somebody|talk to a person|speak to a person|speak with someone|talk with someone",
    ("wish", "now"): "brauche jetzt hilfe|brauche sofort hilfe|brauche dringend hilfe|sofort hilfe"
    "|jetzt hilfe|hilfe jetzt|sofortige hilfe|ich brauche jetzt hilfe|need help now"
    "|need help right now|need immediate help|help me now|urgent help",
    ("wish", "help"): "was kann ich hier|wie geht das|wie funktioniert das|was kannst du"
    "|was können sie|how does this work|what can i do here|what can you do",
    ("wish", "restart"): "neu anfangen|von vorn|von vorne|noch mal von vorn|neustart|neu starten"
    "|von neuem|start over|start again|restart|begin again|from the beginning",
    ("wish", "stored"): "was speichern sie|was speichert ihr|was wird gespeichert|welche daten"
    "|datenschutz|meine daten|what do you store|what is stored|my data|data protection|privacy",
    ("wish", "language"): "sprache ändern|sprache wechseln|andere sprache|change language"
    "|change the language|other language|another language|switch language",
    ("wish", "stop"): "auf wiedersehen|das wars|das war's|das war alles|das ist alles"
    "|goodbye|that's all|that is all",
    ("wish", "wait"): "warteliste|auf die warteliste|ich warte|lieber warten|waiting list|waitlist"
    "|i will wait|i'll wait|rather wait",
    ("wish", "other_times"): "andere zeit|andere zeiten|andere termine|anderen termin"
    "|anderer termin|ein anderer termin|keiner passt|keiner davon|passt nicht|passen nicht"
    "|passt mir nicht|nichts dabei|weitere termine|mehr termine|späterer termin|other times"
    "|another time|other appointments|none of these|none of them|doesn't work|don't suit"
    "|doesn't suit|more times|something else",
    ("wish", "skip"): "überspringen|weglassen|möchte ich nicht angeben|keine angabe"
    "|möchte ich nicht"
    "|möchte nichts angeben|ohne angabe|skip|rather not|prefer not to|leave it out",
    ("wish", "book"): "termin buchen|einen termin|ein termin|termin|termine|termin vereinbaren"
    "|therapieplatz|appointment|appointments|book|book an appointment|make an appointment",
    ("yes", ""): "ja|jawohl|gerne|gern|okay|ok|einverstanden|stimmt|richtig|genau|passt"
    "|in ordnung|akzeptiere|ich akzeptiere|bestätigen|bestätige|natürlich|klar|yes|yeah|yep|sure"
    "|agree|i agree|agreed|accept|i accept|correct|that's right|of course|fine|confirm",
    ("no", ""): "nein|nee|nö|lieber nicht|nicht einverstanden|ablehnen|stimmt nicht|no|nope"
    "|no thanks|no thank you|nein danke|don't agree|do not agree|decline|not correct",
    ("no_preference", ""): "egal|ist mir egal|ganz egal|gleichgültig|keine präferenz|kein wunsch"
    "|keine wünsche|kein bestimmtes|beliebig|spielt keine rolle|ganz gleich|irgendeine"
    "|irgendein|irgendwas|alles möglich|offen|any|anything|whatever|don't mind|do not mind"
    "|doesn't matter|does not matter|don't care|either|no preference|not important|no matter",
    ("not_sure", ""): "weiß nicht|weiß ich nicht|keine ahnung|nicht sicher|unsicher"
    "|bin mir nicht sicher|weiß es nicht|weiß noch nicht|kenne mich nicht aus|was heißt das"
    "|was ist das|was bedeutet das|was ist der unterschied|not sure|don't know|do not know"
    "|no idea|no clue|unsure|dunno|what is that|what does that mean|what's the difference",
    ("soon", ""): "so bald wie möglich|sobald wie möglich|so schnell wie möglich|möglichst bald"
    "|möglichst schnell|schnellstmöglich|baldmöglichst|jederzeit|egal wann|immer zeit|asap"
    "|as soon as possible|soonest|earliest|any time|anytime|whenever|nächstmöglich"
    "|frühestmöglich|so früh wie möglich|nächste woche|next week|diese woche|this week",
    ("weekday", "mon"): "montag|montags|monday|mondays|mon|mo",
    ("weekday", "tue"): "dienstag|dienstags|tuesday|tuesdays|tue|tues|di",
    ("weekday", "wed"): "mittwoch|mittwochs|wednesday|wednesdays|wed|weds|mi",
    ("weekday", "thu"): "donnerstag|donnerstags|thursday|thursdays|thu|thurs",
    ("weekday", "fri"): "freitag|freitags|friday|fridays|fri|fr",
    ("weekday", "sat"): "samstag|samstags|sonnabend|saturday|saturdays",
    ("weekday", "sun"): "sonntag|sonntags|sunday|sundays",
    ("day", "0"): "heute|today",
    ("day", "1"): "morgen|tomorrow",
    ("day", "2"): "übermorgen|day after tomorrow",
    ("part", "morning"): "vormittag|vormittags|morgens|am morgen|frühmorgens|vor der arbeit"
    "|morning|mornings|in the morning|before work|a m",
    ("part", "afternoon"): "nachmittag|nachmittags|mittag|mittags|afternoon|afternoons|midday"
    "|nach der schule|after school|in the afternoon",
    ("part", "evening"): "abend|abends|feierabend|nach der arbeit|evening|evenings|after work"
    "|in the evening|in the evenings",
    ("relation", "self"): "für mich|für mich selbst|für mich selber|ich selbst|for me|for myself"
    "|myself|it's for me",
    ("relation", "parent"): "mein kind|meinem kind|meine kinder|meine tochter|meiner tochter"
    "|mein sohn|meinen sohn|meinem sohn|unser kind|unserem kind|unsere tochter|unser sohn"
    "|unseren sohn|mein junge|meinen jungen|mein mädchen|meine kleine|mein kleiner|meinen kleinen"
    "|mein baby|my child|my kid|my son|my daughter|my boy|my girl|my baby|our child|our son"
    "|our daughter|my little one|my toddler|my teenager|als mutter|als vater",
    ("relation", "relative"): "für meinen mann|für meine frau|für meine mutter|für meinen vater"
    "|für meinen bruder|für meine schwester|für meine oma|für meinen opa|für meinen partner"
    "|für meine partnerin|für einen freund|für eine freundin|für jemand anderen"
    "|für jemanden|für eine andere person|meine mutter|mein vater|meinen vater|meine oma|mein opa"
    "|meine großmutter|mein großvater|mein mann hat|meine frau hat|for my husband|for my wife"
    "|for my mother|for my father|for my mum|for my dad|for my brother|for my sister"
    "|for my partner|for my friend|for a friend|for someone else|my mother|my father|my mum"
    "|my dad|my grandmother|my grandfather|another adult|for another adult",
    ("age_group", "adolescent"): "jugendlicher|jugendliche|jugendlichen|teenager|teenagerin"
    "|adolescent|teenage",
    ("interpreter", ""): "dolmetscher|dolmetscherin|dolmetschen|übersetzer|interpreter",
    ("accessible", ""): "rollstuhl|rollstuhlfahrer|barrierefrei|stufenlos|ohne treppen|ohne stufen"
    "|rollator|aufzug|wheelchair|step free|stepfree|no stairs|without stairs|accessible",
    ("number", "1"): "der erste|den ersten|das erste|die erste|erster|erste|the first|first"
    "|first one|the first one",
    ("number", "2"): "der zweite|den zweiten|das zweite|die zweite|zweiter|zweite|the second"
    "|second|second one|the second one",
    ("number", "3"): "der dritte|den dritten|das dritte|die dritte|dritter|dritte|the third|third"
    "|third one|the third one|der letzte|den letzten|the last one",
    ("format", "video"): "videosprechstunde|per video|by video|videoanruf|online|zoom|remotely",
    ("format", "onsite"): "vor ort|in person|in der praxis|face to face",
    ("gender", "female"): "therapeutin|eine therapeutin|female therapist|woman therapist",
    ("gender", "male"): "male therapist|männlicher therapeut|männlichen therapeuten",
}

ALONE: dict[tuple[str, str], str] = {
    # These mean a wish only when nothing else is said: as part of a sentence they mean others.
    ("wish", "human"): "mensch|menschen|person|jemand|telefon|anruf|agent|mitarbeiter|someone"
    "|somebody|phone|operator|personal",
    ("wish", "help"): "hilfe|help|hilf mir|help me|menü|menu|info|start help",
    ("wish", "restart"): "neu|start|zurück zum anfang|reset",
    ("wish", "stop"): "stopp|stop|aufhören|abbrechen|tschüss|nichts weiter|bye|nothing else|quit"
    "|ende|fertig|nichts|end|exit|done|nothing|danke das ist alles|danke das war alles",
    ("wish", "thanks"): "danke|vielen dank|dankeschön|danke schön|danke sehr|thanks|thank you"
    "|thank you very much|many thanks",
    ("wish", "hello"): "hallo|hi|hey|moin|servus|guten tag|guten morgen|guten abend|grüß gott"
    "|hello|hello there|good morning|good afternoon|good evening",
    ("wish", "back"): "zurück|zurück bitte|bitte zurück|einen schritt zurück|eine frage zurück"
    "|back|go back|please go back|one step back",
    ("wish", "skip"): "keine|kein|nichts|none|später|later|weiter|ohne|nicht",
    ("wish", "other_times"): "andere|anders|andere bitte|other|others|others please|später|later"
    "|früher|earlier|keine|kein|none|mehr|more",
    ("wish", "wait"): "warten|wait",
    ("wish", "list"): "termine anzeigen|appointments|termine",
    ("wish", "move"): "move|ändern|change|umlegen",
    ("number", "1"): "eins|one", ("number", "2"): "zwei|two", ("number", "3"): "drei|three",
    ("relation", "self"): "mich|ich|mir|me|i|self|selbst",
}  # fmt: skip

NEGATING = _words("kein keine keinen keiner keinem nicht ohne no not without never nie don't")
NOT_THE_THERAPIST = _words("mein meine meinen meiner meinem my bin am i'm seine ihre unsere ehe")
GENDER_ALONE = _words("frau mann woman man")
ARTICLES = _words("eine einer einem einen ein a")
ORDINARY = _words(
    "untersucht ausgesucht aufgesucht versucht abgesucht herausgesucht schuld grippe"
    " trauen andere anderen wieder leider sollen konnen mussen mochten gesagt gerade"
    " danach handy schulter therapeuten therapeut sprechen gruss grusse unterdruckt"
    " ausdruck eindruck trotzdem woche wochen traume geburtsdatum geburtstag"
    " looking street birthday birthdate"
)
"""Everyday words that look like a code's word with a typing error or in a compound."""
