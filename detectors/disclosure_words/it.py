"""Italian words of a declaration."""

PARODY = """
parodia
parodie
satira
satirico
satirica
account parodia
"""

IMITATION = """
imitatore
imitatrice
imitazione
imitazioni
sosia
tributo a
"""

DEEPFAKE = """
scambio di volti
volto scambiato
cambio di volto
voce clonata
"""

MADE_WITH_AI = """
generato con ia
generata con ia
generati con ia
generato da ia
generata da ia
generato dall'ia
generati dall'ia
fatto con ia
fatti con ia
creato con ia
creata con ia
creati con ia
realizzato con ia
realizzata con ia
intelligenza artificiale
video con ia
contenuto ia
"""

NOT_THE_PERSON = """
non ufficiale
non e ufficiale
account falso
profilo falso
non affiliato
non affiliata
profilo non ufficiale
"""

I_AM_NOT = """
non sono
"""
"""The beginnings of sentences that go on with a name."""

FAN_ACCOUNT = """
pagina fan
account fan
fan di
fatto da fan
gestito da fan
gestita da fan
profilo fan
"""

THE_WORD_FAN = ""

FREE_OF = """
senza ia
niente ia
non e ia
"""

NEGATIONS = """
non
senza
mai
nessuna
nessun
niente
"""

SMALL_WORDS = """
e
questo
questa
sono
una
un
uno
la
il
lo
di
con
da
usare
uso
alcuna
alcun
mica
fatto
fatta
"""

ONLY = """
solo
soltanto
"""
