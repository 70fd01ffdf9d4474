"""French cues of harm, of warnings and of reports."""

GIVEAWAY = """
je distribue #
j'offre # euros
offre # euros
reclamez votre prix
reclame ton cadeau
reclamez votre cadeau
recuperez votre cadeau
vous avez gagne
tu as gagne
felicitations .. gagne
# premieres personnes
# premiers fans
# premiers abonnes
envoyez # .. recevez #
envoie # .. recois #
recevez le double
doublez votre argent
double ton argent
argent gratuit
payez la livraison
frais de livraison seulement
"""

GIVEAWAY_HINTS = """
concours officiel
jeu concours
cadeau gratuit
tirage au sort
heureux gagnants
"""

INVESTMENT = """
doublez vos bitcoin*
doublez votre investissement
gains garantis
gain garanti
profits garantis
rendement garanti
rendements garantis
investissement sans risque
# pour cent par jour
# % par jour
investissez avec moi
investis avec moi
investissez # .. gagnez
investissez # .. recevez
gagnez # par jour
gagne # par jour
gagner # par jour
gagnez # par semaine
depot minimum
ma plateforme de trading
plateforme d'investissement
envoyez .. bitcoin
envoyez .. btc
envoyez .. usdt
sur ce portefeuille
a ce portefeuille
"""

INVESTMENT_HINTS = """
bitcoin
cryptomonnaie
cryptomonnaies
forex
investir
investissement
investissements
revenus passifs
revenu passif
liberte financiere
"""

CONTACT = """
ecris moi sur
ecrivez moi sur
contacte moi sur
contactez moi sur
ajoute moi sur
ajoutez moi sur
mon numero prive
mon compte prive
mon whatsapp
mon telegram
rejoins mon canal
rejoignez mon canal
rejoignez le groupe
canal telegram
groupe telegram
groupe whatsapp
"""

CONTACT_HINTS = """
ecris moi en prive
message prive
lien en bio
lien dans la bio
carte cadeau
cartes cadeaux
carte pcs
"""

SEXUAL = """
photos nue
photos nu
photo nue
video porno
porno
sextape
video explicite
video intime
contenu sexuel
"""

SEXUAL_HINTS = """
sans censure
video fuitee
photos fuitees
contenu coquin
reserve aux adultes
photos intimes
"""

ELECTION = """
ne votez pas
ne vote pas
n'allez pas voter
votez par sms
votez par whatsapp
elections truquees
election truquee
elections volees
election volee
bureaux de vote fermes
bureaux de vote sont fermes
"""

ELECTION_HINTS = """
election
elections
bureau de vote
bureaux de vote
urnes
referendum
"""

CRISIS = """
evacuez maintenant
evacuez immediatement
quittez la ville
retirez votre argent
les banques vont fermer
frappe nucleaire
attaque nucleaire
ne buvez pas l'eau
loi martiale
il y a une bombe
"""

CRISIS_HINTS = """
etat d'urgence
tremblement de terre
seisme
explosion
attentat
otages
missile
missiles
pandemie
panique bancaire
"""

VIOLENCE = """
tuez les
tuez les tous
il faut les tuer
mort a
mort aux
meritent de mourir
brulez les
pendez les
prenez les armes
aux armes
tirez leur dessus
"""

HATE = """
retournez dans votre pays
rentrez dans votre pays
retourne dans ton pays
expulsez les tous
sont des rats
sont des parasites
race inferieure
sous hommes
"""

WARNINGS = """
arnaque
arnaques
arnaqueur
arnaqueurs
escroquerie
escrocs
fraude
faux compte
faux comptes
fausse video
faux concours
est faux
est un faux
attention aux
attention a
mefiez vous
canular
infox
dementi
ne tombez pas
ne croyez pas
ne vous fiez pas
"""

NEVER = """
je ne demande jamais
je ne demanderai jamais
je ne vous demanderai jamais
ne demande jamais
n'envoyez pas
envoyez jamais
n'envoyez jamais
n'investissez pas
ne payez pas
ne cliquez pas
ne repondez pas
"""

REPORTING = """
police
gendarmerie
arrete
arretes
procureur
condamne
victimes
perdu ses economies
perdu leurs economies
verification des faits
autorites
enquet*
"""

QUOTING = """
a dit
a declare
selon
d'apres
scande
condamne
accuse
menace de
"""
