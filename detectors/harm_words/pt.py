"""Portuguese cues of harm, of warnings and of reports."""

GIVEAWAY = """
estou doando #
estou distribuindo
vou dar # reais
resgate seu premio
resgate o seu premio
resgate seu presente
voce ganhou
parabens .. ganhou
primeiras # pessoas
primeiros # seguidores
primeiros # fas
envie # .. receba #
mande # .. receba #
receba o dobro
dobre seu dinheiro
dinheiro gratis
dinheiro de graca
sorteio oficial
pague o frete
so paga o frete
"""

GIVEAWAY_HINTS = """
sorteio
sorteios
premio em dinheiro
presente gratis
ganhadores sortudos
"""

INVESTMENT = """
dobre seus bitcoin*
dobre seu investimento
lucro garantido
lucros garantidos
retorno garantido
rendimento garantido
ganhos garantidos
investimento sem risco
# por cento ao dia
# % ao dia
# % por dia
invista comigo
invista # .. ganhe
invista # .. receba
ganhe # por dia
ganhe # ao dia
ganhar # por dia
ganhe # por semana
deposito minimo
minha plataforma de investimento
plataforma de trading
envie .. bitcoin
envie .. btc
envie .. usdt
mande um pix
faca um pix
para esta carteira
"""

INVESTMENT_HINTS = """
bitcoin
criptomoeda
criptomoedas
forex
investir
investimento
investimentos
renda passiva
renda extra
liberdade financeira
"""

CONTACT = """
me chama no
me chame no
fale comigo no
fala comigo no
me manda mensagem no
entre em contato pelo
me adiciona no
meu numero privado
meu numero pessoal
minha conta privada
meu whatsapp
meu telegram
meu zap
entre no meu canal
entre no grupo
entra no grupo
canal do telegram
canal no telegram
grupo do telegram
grupo do whatsapp
grupo no whatsapp
"""

CONTACT_HINTS = """
me chama no privado
mensagem privada
chama no direct
link na bio
cartao presente
vale presente
"""

SEXUAL = """
fotos nua
fotos nu
nudes
video porno
porno
video de sexo
video intimo
sextape
"""

SEXUAL_HINTS = """
sem censura
video vazado
fotos vazadas
conteudo quente
so para maiores
fotos intimas
"""

ELECTION = """
nao vote
nao votem
nao va votar
vote por mensagem
vote pelo whatsapp
eleicao fraudada
eleicoes fraudadas
eleicao roubada
urnas fraudadas
fraude nas urnas
secoes fechadas
"""

ELECTION_HINTS = """
eleicao
eleicoes
urnas
urna eletronica
secao eleitoral
referendo
"""

CRISIS = """
evacuem agora
evacuem imediatamente
saiam da cidade
saquem seu dinheiro
saque seu dinheiro
bancos vao fechar
ataque nuclear
nao bebam a agua
lei marcial
ha uma bomba
"""

CRISIS_HINTS = """
estado de emergencia
terremoto
explosao
atentado
refens
missil
misseis
pandemia
corrida aos bancos
"""

VIOLENCE = """
matem eles
matem todos
matar todos
tem que morrer
morte a
morte aos
merecem morrer
queimem eles
peguem em armas
atirem neles
"""

HATE = """
voltem para seu pais
volta para o seu pais
expulsem todos
sao ratos
sao uma praga
raca inferior
subumanos
"""

WARNINGS = """
golpe
golpes
golpista
golpistas
fraude
conta falsa
contas falsas
perfil falso
perfis falsos
video falso
sorteio falso
e falso
sao falsos
cuidado com
boato
desmentido
nao caia
nao caiam
nao acredite
nao acreditem
nao confie
"""

NEVER = """
nunca peco
nunca pedirei
nunca vou pedir
jamais pedirei
jamais vou pedir
nao peco dinheiro
nunca envie
nunca mande
nao envie
nao enviem
nao mande
nao invista
nao pague
nao clique
nao responda
"""

REPORTING = """
policia
preso
presos
presa
promotoria
ministerio publico
condenado
vitimas
perderam suas economias
perdeu suas economias
checagem
autoridades
investiga*
"""

QUOTING = """
disse
diz
segundo
supostamente
gritaram
condenou
condena
acusado
acusa
ameacou
"""
