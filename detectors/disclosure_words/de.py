"""German words of a declaration; umlauts stand without their dots, and as two letters where people write them so."""

PARODY = """
parodie
parodien
parodistisch
satire
satirisch
satirische
satirischer
veralberung
parodiekonto
satirekonto
satireseite
"""

IMITATION = """
imitator
imitatorin
imitation
nachahmung
nachahmer
doppelganger
doppelgaenger
doppelgangerin
parodist
parodistin
stimmenimitator
"""

DEEPFAKE = """
gesichtstausch
gesicht getauscht
geklonte stimme
"""

MADE_WITH_AI = """
ki generiert
ki generierte
ki generierter
ki erzeugt
mit ki erstellt
mit ki erzeugt
mit ki gemacht
mit ki generiert
von ki erstellt
durch ki erzeugt
kunstliche intelligenz
kuenstliche intelligenz
kunstlicher intelligenz
kuenstlicher intelligenz
ki video
ki videos
ki inhalt
ki inhalte
keine echten aufnahmen
"""

NOT_THE_PERSON = """
inoffiziell
inoffizielle
inoffizieller
inoffizielles
nicht offiziell
nicht der echte
nicht die echte
nicht das echte
fake account
kein offizielles
kein offizieller
keine offizielle
nicht verbunden mit
"""

I_AM_NOT = """
ich bin nicht
"""
"""The beginnings of sentences that go on with a name."""

FAN_ACCOUNT = """
fanseite
fan seite
fankonto
fan konto
fanclub
von fans
fans von
fan von
"""

THE_WORD_FAN = ""

FREE_OF = """
keine ki
nicht ki
ki frei
ohne ki
"""

NEGATIONS = """
nicht
kein
keine
keinen
keiner
keinerlei
ohne
nie
niemals
"""

SMALL_WORDS = """
bin
eine
ein
einen
einer
ist
sind
das
die
der
den
mit
von
durch
jede
jeden
wirklich
"""

ONLY = """
nur
bloss
"""
