"""Portuguese words of a declaration."""

PARODY = """
parodia
parodias
parodico
satira
satirico
conta parodia
conta de parodia
perfil de parodia
"""

IMITATION = """
imitador
imitadora
imitacao
imitacoes
sosia
"""

DEEPFAKE = """
troca de rosto
troca de rostos
rosto trocado
voz clonada
"""

MADE_WITH_AI = """
gerado por ia
gerada por ia
gerados por ia
gerado com ia
gerada com ia
gerados com ia
feito com ia
feita com ia
feitos com ia
criado com ia
criada com ia
criados com ia
criado por ia
inteligencia artificial
video com ia
videos com ia
conteudo de ia
"""

NOT_THE_PERSON = """
nao oficial
nao e oficial
conta falsa
perfil falso
perfil nao oficial
sem afiliacao
nao afiliado
nao afiliada
"""

I_AM_NOT = """
nao sou
"""
"""The beginnings of sentences that go on with a name."""

FAN_ACCOUNT = """
conta de fas
conta de fa
conta fa
pagina de fas
perfil de fa
fa clube
fas de
fa de
feito por fas
"""

THE_WORD_FAN = ""

FREE_OF = """
sem ia
nao e ia
livre de ia
"""

NEGATIONS = """
nao
sem
nem
nunca
jamais
nenhum
nenhuma
"""

SMALL_WORDS = """
sou
e
isto
isso
esta
este
sao
uma
um
a
o
de
com
por
usar
uso
usa
qualquer
nenhuma
nenhum
feito
feita
"""

ONLY = """
so
somente
apenas
"""
