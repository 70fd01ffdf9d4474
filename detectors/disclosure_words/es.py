"""Spanish words of a declaration."""

PARODY = """
parodia
parodias
parodico
parodica
satira
satirico
satirica
cuenta parodica
cuenta parodia
"""

IMITATION = """
imitador
imitadora
imitacion
imitaciones
doble de
homenaje a
"""

DEEPFAKE = """
cambio de cara
cara cambiada
cambio de rostro
voz clonada
falso profundo
"""

MADE_WITH_AI = """
generado con ia
generada con ia
generado por ia
generada por ia
generados con ia
hecho con ia
hecha con ia
hechos con ia
creado con ia
creada con ia
creados con ia
inteligencia artificial
video con ia
videos con ia
contenido de ia
voz de ia
no son videos reales
"""

NOT_THE_PERSON = """
no soy el
no soy la
no oficial
no es oficial
cuenta falsa
perfil falso
sin afiliacion
no afiliado
no afiliada
no es la cuenta oficial
"""

I_AM_NOT = """
no soy
"""
"""The beginnings of sentences that go on with a name."""

FAN_ACCOUNT = """
cuenta de fans
cuenta de fan
cuenta fan
pagina de fans
club de fans
hecho por fans
fans de
"""

THE_WORD_FAN = ""

FREE_OF = """
sin ia
no es ia
libre de ia
"""

NEGATIONS = """
no
nunca
jamas
sin
ni
ningun
ninguna
"""

SMALL_WORDS = """
soy
es
esto
esta
este
son
una
un
la
el
los
las
de
con
por
usar
uso
usa
uso
ningun
ninguna
hecho
hecha
"""

ONLY = """
solo
solamente
"""
