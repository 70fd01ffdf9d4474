"""German cues of harm, of warnings and of reports."""

GIVEAWAY = """
ich verschenke
wir verschenken
hol dir deinen preis
sichere dir deinen preis
sichere dir dein geschenk
du hast gewonnen
sie haben gewonnen
herzlichen gluckwunsch .. gewonnen
ersten # personen
ersten # fans
ersten # follower
sende # .. erhalte #
schick # .. bekomm*
bekommst das doppelte
erhaltst das doppelte
verdopple dein geld
verdoppeln sie ihr geld
geld geschenkt
nur versandkosten
zahl nur den versand
"""

GIVEAWAY_HINTS = """
gewinnspiel
verlosung
geldpreis
gratis geschenk
gluckliche gewinner
"""

INVESTMENT = """
verdopple deine bitcoin*
verdopple dein investment
garantierte rendite
garantierter gewinn
garantierte gewinne
risikofreie investition
risikofreies investment
# prozent am tag
# prozent taglich
# % am tag
# % taglich
investiere mit mir
investiere # .. erhalte
investiere # .. verdiene
verdiene # am tag
verdiene # pro tag
verdiene # taglich
verdiene # pro woche
# euro am tag verdienen
mindesteinzahlung
meine handelsplattform
meine trading plattform
sende .. bitcoin
sende .. btc
schick .. bitcoin
sende .. usdt
an diese wallet
an dieses wallet
"""

INVESTMENT_HINTS = """
bitcoin
krypto
kryptowahrung
kryptowahrungen
forex
investieren
investition
investment
passives einkommen
finanzielle freiheit
"""

CONTACT = """
schreib mir auf
schreib mir bei
schreibt mir auf
schreibt mir bei
schreib mir per
kontaktiere mich auf
kontaktiere mich uber
kontaktier mich auf
meine private nummer
meine privatnummer
mein privater account
mein whatsapp
mein telegram
tritt meinem kanal
tritt meiner gruppe
komm in meine gruppe
telegram kanal
telegram gruppe
whatsapp gruppe
"""

CONTACT_HINTS = """
schreib mir privat
privatnachricht
link in bio
link in der bio
geschenkkarte
geschenkkarten
gutscheinkarte
"""

SEXUAL = """
nacktfotos
nacktbilder
nacktvideo
sexvideo
sextape
pornovideo
porno
intimes video
"""

SEXUAL_HINTS = """
unzensiert
geleaktes video
geleakte fotos
nur fur erwachsene
intime fotos
"""

ELECTION = """
geht nicht wahlen
nicht wahlen gehen
wahlt nicht
per sms wahlen
per whatsapp abstimmen
wahl ist manipuliert
wahl wurde manipuliert
wahlbetrug
gestohlene wahl
wahllokale sind geschlossen
wahllokale geschlossen
wahltermin verschoben
"""

ELECTION_HINTS = """
bundestagswahl
landtagswahl
wahllokal
wahllokale
stimmzettel
briefwahl
volksentscheid
wahltag
"""

CRISIS = """
sofort evakuieren
verlasst die stadt
hebt euer geld ab
banken werden schliessen
banken schliessen
atomschlag
trinkt kein wasser
trinkt nicht das wasser
kriegsrecht
eine bombe in
"""

CRISIS_HINTS = """
ausnahmezustand
notstand
erdbeben
explosion
terroranschlag
anschlag
geiseln
rakete
raketen
pandemie
bankensturm
"""

VIOLENCE = """
totet sie
totet sie alle
bringt sie um
bringt sie alle um
knallt sie ab
tod den
tod allen
hangt sie
verdienen den tod
verbrennt sie
brennt es nieder
greift zu den waffen
zu den waffen
"""

HATE = """
geht zuruck in euer land
geh zuruck in dein land
alle abschieben
sind ungeziefer
sind ratten
untermenschen
minderwertige rasse
"""

WARNINGS = """
betrug
betruger
betrugsmasche
abzocke
scam
falscher account
falsche accounts
falsches video
fakeprofil
fakeprofile
gefalscht
ist falsch
ist ein fake
vorsicht vor
achtung vor
warnung vor
falschmeldung
widerlegt
fallt nicht darauf
fall nicht darauf
glaubt nicht
traut nicht
"""

NEVER = """
ich werde nie
ich werde niemals
werde nie nach
werde niemals nach
niemals nach geld
frage nie
frage niemals
wurde nie
wurde niemals
schickt kein
schickt niemals
schick kein
sendet kein
sende niemals
sendet niemals
uberweist kein
investiert nicht
klickt nicht
zahlt nicht
antwortet nicht
"""

REPORTING = """
polizei
festgenommen
staatsanwaltschaft
verurteilt
opfer
ersparnisse verloren
faktencheck
verbraucherzentrale
behorden
ermittl*
"""

QUOTING = """
sagte
sagt
laut
zufolge
angeblich
skandierten
verurteilt
verurteilte
beschuldigt
drohte
"""
