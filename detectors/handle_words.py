"""The words that are put around a name, by what they tell and by language. To add a language, add a line to each table.

Words are in lower case without accents and without spaces, as handles are read. A word may stand before the name,
after it, between its parts, or beside other words ("the.real.NAME.official"). Keep words of two letters few: they are
also the ends of other words.
"""

from __future__ import annotations


def _all(*languages: str) -> frozenset[str]:
    return frozenset(word for language in languages for word in language.split())


CLAIMS = _all(
    # any language
    "official real original verified vip hq tv live team backup back up private priv account acc acct page "
    "profile me mr mrs ms dr sir pro new second main only exclusive personal direct contact dm chat management "
    "manager mgmt booking",
    # English
    "the its iam im thisis itsme true genuine authentic legit realone trulyyours",
    # Spanish
    "oficial verdadero verdadera autentico autentica soy yosoy elreal lareal privado privada cuenta perfil "
    "contacto nueva nuevo unico unica el la",
    # Italian
    "ufficiale vero vera autentico autentica sono iosono privato privata profilo contatto unico nuovo nuova il lo",
    # French
    "officiel officielle vrai vraie authentique jesuis prive privee compte profil contact nouveau nouvelle le",
    # German
    "offiziell offizieller offizielle echt echter echte echtes ichbin privat konto profil kontakt neu neues der "
    "die das",
    # Portuguese
    "oficial verdadeiro verdadeira eusou sou privado privada conta perfil contato contacto novo nova o",
)
"""Words that claim to be the person, or that say nothing and leave the claim to the name."""

HINTS = _all(
    "deep deepfake deepfakes fake faux ai aigenerated aivideo synth synthetic synthetics clone cloned virtual "
    "avatar bot",
    "ia falso falsa clon clonado sintetico",  # Spanish
    "ia finto finta clone sintetico",  # Italian
    "ia faux fausse clone hypertrucage synthetique",  # French
    "ki kuenstlich klon",  # German
    "ia falso falsa clone sintetico",  # Portuguese
)
"""Words that hint at how it was made."""

OTHERS = _all(
    "fan fans fanclub fanclips fanclip fanpage fanpages fanacc fanaccount fansite fanart clips clip edits edit "
    "lover lovers love loves club daily news updates update archive archives world parody parodies spoof imitator "
    "impersonator lookalike impression impressions tribute memes meme quotes quote not army stan stans supporters "
    "facts pics photos videos source central nation fandom obsessed forever reaction reactions cover covers by "
    "about everything",
    "parodia parodias fanaticos club noticias todo sobre imitador imitadora doble frases diario no amor fansde clubde",
    "parodia fanclub notizie imitatore imitatrice sosia frasi tutto su non amanti di",
    "parodie actu actus actualites fanclub imitateur sosie citations tout sur pas non",
    "parodie nachrichten fanseite fanklub doppelganger double imitation nicht zitate ueber",
    "parodia noticias faclube fas imitador imitadora sosia frases tudo sobre nao",
)
"""Words that tell readers that somebody else is speaking."""

JOINERS = _all("of for and with de del di do da du des von und et y e para per con avec mit com")
"""Words that only join others; beside a name they tell nothing."""
