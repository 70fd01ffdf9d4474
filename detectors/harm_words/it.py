"""Italian cues of harm, of warnings and of reports."""

GIVEAWAY = """
sto regalando
regalo # euro
reclama il tuo premio
richiedi il tuo premio
ritira il tuo premio
hai vinto
congratulazioni hai vinto
prime # persone
primi # fan
primi # follower
invia # .. ricevi #
manda # .. ricevi #
ricevi il doppio
raddoppia i tuoi soldi
soldi gratis
paga la spedizione
"""

GIVEAWAY_HINTS = """
giveaway ufficiale
concorso a premi
premio in denaro
regalo gratis
vincitori fortunati
"""

INVESTMENT = """
raddoppia i tuoi bitcoin
raddoppia il tuo investimento
guadagni garantiti
guadagno garantito
profitti garantiti
rendimento garantito
investimento senza rischi
investimento sicuro
# per cento al giorno
# % al giorno
investi con me
investi # .. guadagna
investi # .. ricevi
guadagna # al giorno
guadagnare # al giorno
guadagna # a settimana
deposito minimo
la mia piattaforma di trading
piattaforma di investimento
invia .. bitcoin
invia .. btc
invia .. usdt
a questo portafoglio
a questo wallet
"""

INVESTMENT_HINTS = """
bitcoin
criptovaluta
criptovalute
forex
investire
investimento
investimenti
reddito passivo
liberta finanziaria
"""

CONTACT = """
scrivimi su
scrivetemi su
contattami su
contattatemi su
aggiungimi su
il mio numero privato
il mio profilo privato
il mio whatsapp
il mio telegram
unisciti al canale
unisciti al gruppo
entra nel gruppo
canale telegram
gruppo telegram
gruppo whatsapp
"""

CONTACT_HINTS = """
scrivimi in privato
messaggio privato
link in bio
carta regalo
carte regalo
"""

SEXUAL = """
foto nuda
foto nudo
foto di nudo
video hard
video porno
porno
video intimo
video a luci rosse
"""

SEXUAL_HINTS = """
senza censura
video rubato
foto rubate
contenuti piccanti
solo adulti
foto intime
"""

ELECTION = """
non votate
non votare
non andate a votare
vota via sms
vota su whatsapp
elezioni truccate
elezioni rubate
brogli elettorali
seggi chiusi
seggi sono chiusi
"""

ELECTION_HINTS = """
elezione
elezioni
seggio
seggi elettorali
urne
referendum
"""

CRISIS = """
evacuate subito
evacuate immediatamente
lasciate la citta
ritirate i vostri soldi
ritirate i soldi
le banche chiuderanno
attacco nucleare
non bevete l'acqua
legge marziale
c'e una bomba
"""

CRISIS_HINTS = """
stato di emergenza
terremoto
esplosione
attentato
ostaggi
missile
missili
pandemia
corsa agli sportelli
"""

VIOLENCE = """
uccideteli
uccideteli tutti
bisogna ucciderli
ammazzateli
ammazzarli tutti
morte a
morte ai
morte agli
meritano di morire
bruciateli
prendete le armi
alle armi
sparategli
"""

HATE = """
tornate al vostro paese
torna al tuo paese
cacciateli tutti
sono ratti
sono parassiti
razza inferiore
subumani
"""

WARNINGS = """
truffa
truffe
truffatore
truffatori
frode
account falso
account falsi
profilo falso
profili falsi
video falso
falso giveaway
e falso
sono falsi
attenzione alle
attenzione ai
attenti alle
bufala
smentito
non cascateci
non ci cascate
non credete
non fidatevi
"""

NEVER = """
non chiedo mai
non chiedero mai
non vi chiedero mai
non ti chiedero mai
mai chiedero
non inviate
non inviare
non mandate
non mandare
non investite
non pagate
non cliccate
non rispondete
"""

REPORTING = """
polizia
carabinieri
arrestato
arrestati
procura
condannato
vittime
ha perso i risparmi
perso i risparmi
autorita
indag*
"""

QUOTING = """
ha detto
dice
secondo
presunto
condanna
condannato
accusato
accusa
ha minacciato
"""
