"""English cues of harm, of warnings and of reports."""

GIVEAWAY = """
giving away #
giving away .. phones
giving away .. cars
giving away .. money
giving back to my fans
claim your prize
claim your reward
claim your gift
claim your free
you have won
you are the winner
congratulations you won
congratulations .. selected
first # people
first # fans
send # .. get # back
send .. get double back
send .. receive # back
double your money
will double it
send it back doubled
official giveaway
cash giveaway
free money
pay the shipping
pay the delivery fee
"""

GIVEAWAY_HINTS = """
giveaway
giveaways
airdrop
free gift
lucky winner
lucky winners
prize money
"""

INVESTMENT = """
double your bitcoin
double your btc
double your crypto
double your investment
guaranteed return*
guaranteed profit*
guaranteed income
risk free investment
# percent daily
# % daily
# percent a day
# % a day
# % per day
# % profit
# daily profit
# profit every
invest with me
invest # .. get
invest # .. earn
invest # .. receive
earn # a day
earn # per day
earn # a week
earn # per week
make # a day
make # per day
minimum deposit
my trading platform
my new trading
this trading platform
send .. bitcoin
send .. btc
send .. eth
send .. usdt
to this wallet
to my wallet
trading signals group
"""

INVESTMENT_HINTS = """
bitcoin
crypto
cryptocurrency
btc
forex
invest
investment
investing
passive income
financial freedom
trading bot
presale
mining pool
"""

CONTACT = """
whatsapp me
text me on
message me on
write me on
contact me on
contact me via
dm me on
add me on
reach me on
my private number
my private account
my personal number
my personal whatsapp
my telegram
my whatsapp
my manager on
join my telegram
join my whatsapp
join our telegram
join the telegram
telegram channel
telegram group
whatsapp group
"""

CONTACT_HINTS = """
dm me
inbox me
message me privately
text me
link in bio
gift card
gift cards
fan card
membership card
"""

SEXUAL = """
nudes
nude photos
nude pics
nude video
sex tape
sextape
onlyfans
porn
porno
explicit video
uncensored video
leaked nude
undressed by
strip show
"""

SEXUAL_HINTS = """
uncensored
leaked video
leaked pics
spicy content
adults only
18 only
xxx
private photos
"""

ELECTION = """
don't vote
dont vote
stay home on election day
vote by text
vote online instead
polling stations are closed
polls are closed
election is rigged
election was rigged
election was stolen
rigged election
stolen election
ballots were destroyed
voting day has changed
votes will not count
"""

ELECTION_HINTS = """
election
elections
election day
ballot
ballots
polling station
polling stations
referendum
"""

CRISIS = """
evacuate now
evacuate immediately
leave the city now
withdraw your money now
banks will close
nuclear strike
dam has burst
poisoned water
don't drink the water
bomb in
martial law
"""

CRISIS_HINTS = """
state of emergency
earthquake
explosion
terror attack
hostages
missile
missiles
war has
pandemic
outbreak
bank run
"""

VIOLENCE = """
kill them
kill them all
kill all
hang them all
burn them all
death to
they must die
deserve to die
take up arms
grab your weapons
make them bleed
"""

HATE = """
go back to your country
deport them all
they are vermin
they are subhuman
subhuman
inferior race
don't belong here
get rid of them all
wipe them out
"""

WARNINGS = """
scam
scams
scammer
scammers
fraud
fraudsters
fake account
fake accounts
fake giveaway
fake video
is fake
are fake
is a fake
beware
phishing
impersonator
impersonators
impersonating
hoax
debunked
don't fall for
dont fall for
don't believe
dont believe
don't trust
report this
"""

NEVER = """
i will never
i would never
we will never
we would never
will never ask
would never ask
never ask
never asks
never send
never pay
never invest
never click
not send
not click
not invest
not pay
not reply
not respond
"""

REPORTING = """
police
arrested
prosecutor*
convicted
sentenced
victims
lost their savings
lost her savings
lost his savings
fact check
fact checkers
authorities
investigat*
consumer protection
was tricked
were tricked
"""

QUOTING = """
said
says
according to
reportedly
chanted
condemn*
accused
accuses
threatened to
quoted
testified
"""
