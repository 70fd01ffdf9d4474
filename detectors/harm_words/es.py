"""Spanish cues of harm, of warnings and of reports."""

GIVEAWAY = """
estoy regalando
regalo # euros
regalo # dolares
reclama tu premio
reclama tu regalo
reclama tu recompensa
has ganado
felicidades .. ganador
primeras # personas
primeros # seguidores
primeros # fans
envia # .. recibe #
manda # .. recibe #
recibe el doble
duplica tu dinero
te devuelvo el doble
dinero gratis
sorteo oficial
paga el envio
"""

GIVEAWAY_HINTS = """
sorteo
sorteos
premio en efectivo
regalo gratis
ganadores afortunados
"""

INVESTMENT = """
duplica tus bitcoin*
duplica tu inversion
ganancias garantizadas
ganancia garantizada
rentabilidad garantizada
beneficios garantizados
inversion sin riesgo
# por ciento diario
# % diario
# % al dia
# diarios garantizados
invierte conmigo
invierte # .. gana
invierte # .. recibe
gana # al dia
gana # por dia
gana # a la semana
gana # diarios
deposito minimo
mi plataforma de inversion
plataforma de trading
envia .. bitcoin
envia .. btc
envia .. usdt
a esta billetera
a esta wallet
"""

INVESTMENT_HINTS = """
bitcoin
criptomoneda
criptomonedas
forex
invertir
inversion
inversiones
ingresos pasivos
libertad financiera
"""

CONTACT = """
escribeme por
escribeme al
escribeme a mi
escribanme por
contactame por
contactame en
agregame en
mi numero privado
mi cuenta privada
mi whatsapp
mi telegram
unete a mi canal
unete a mi telegram
unete al grupo
canal de telegram
grupo de telegram
grupo de whatsapp
"""

CONTACT_HINTS = """
escribeme
mensaje privado
enlace en la bio
link en la bio
tarjeta de regalo
tarjetas de regalo
"""

SEXUAL = """
fotos desnuda
fotos desnudo
video sexual
video porno
porno
video explicito
video intimo filtrado
pack filtrado
"""

SEXUAL_HINTS = """
sin censura
video filtrado
fotos filtradas
contenido picante
solo adultos
fotos intimas
"""

ELECTION = """
no votes
no voten
no vayas a votar
vota por mensaje
vota por whatsapp
fraude electoral
elecciones amanadas
elecciones robadas
elecciones fraudulentas
colegios electorales cerrados
cambio la fecha de las elecciones
"""

ELECTION_HINTS = """
elecciones
urnas
colegio electoral
referendum
"""

CRISIS = """
evacuen ahora
evacuen inmediatamente
salgan de la ciudad
retiren su dinero
retira tu dinero ya
los bancos cerraran
ataque nuclear
no beban el agua
ley marcial
hay una bomba
"""

CRISIS_HINTS = """
estado de emergencia
terremoto
explosion
atentado
rehenes
misil
misiles
pandemia
corralito
"""

VIOLENCE = """
matenlos
maten a todos
hay que matarlos
matar a todos
muerte a
merecen morir
quemenlos
fusilenlos
tomen las armas
a las armas
quemenlos vivos
"""

HATE = """
vuelvan a su pais
vete a tu pais
expulsarlos a todos
son ratas
son una plaga
raza inferior
subhumanos
"""

WARNINGS = """
estafa
estafas
estafador
estafadores
fraude
cuenta falsa
cuentas falsas
sorteo falso
video falso
es falso
son falsos
cuidado con
ojo con
suplantacion
bulo
desmentido
no caigas
no caigan
no creas
no crean
no confies
"""

NEVER = """
nunca pido
nunca pedire
nunca les pedire
nunca te pedire
jamas pedire
no pido dinero
nunca envies
nunca mandes
no envies
no mandes
no inviertas
no pagues
no hagas clic
no respondas
"""

REPORTING = """
policia
detenido
detenidos
detenida
fiscalia
condenado
victimas
perdieron sus ahorros
perdio sus ahorros
verificacion de datos
autoridades
investiga*
"""

QUOTING = """
dijo
dice
segun
supuestamente
corearon
condeno
condena
acusado
acusa
amenazo con
"""
