"""French words of a declaration."""

PARODY = """
parodie*
parodique
satire
satires
satirique
satiriques
pastiche
compte parodique
"""

IMITATION = """
imitateur
imitatrice
imitation
imitations
sosie
"""

DEEPFAKE = """
echange de visage
echange de visages
hypertrucage
hypertrucages
hypertruque
voix clonee
"""

MADE_WITH_AI = """
genere par ia
generee par ia
generes par ia
generees par ia
genere avec ia
genere par une ia
fait avec ia
faite avec ia
faites avec ia
fait par ia
cree par ia
cree avec ia
creee avec ia
crees avec ia
creees avec ia
realise avec ia
intelligence artificielle
video ia
videos ia
"""

NOT_THE_PERSON = """
non officiel
non officielle
pas officiel
pas officielle
pas le vrai
pas la vraie
faux compte
compte non officiel
non affilie
non affiliee
"""

I_AM_NOT = """
je ne suis pas
"""
"""The beginnings of sentences that go on with a name."""

FAN_ACCOUNT = """
compte fan
compte de fan
compte de fans
page fan
page de fans
fan de
fans de
fait par un fan
tenu par un fan
tenu par des fans
"""

THE_WORD_FAN = ""

FREE_OF = """
sans ia
pas d'ia
pas de l'ia
"""

NEGATIONS = """
pas
sans
jamais
aucun
aucune
ni
"""

SMALL_WORDS = """
suis
une
un
la
le
les
de
des
du
est
avec
par
utiliser
vraiment
fait
faite
"""

ONLY = """
seulement
uniquement
que
"""
