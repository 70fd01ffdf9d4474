"""Names that so many people carry that sharing one says little: given names and surnames frequent in six languages.

Set together by hand from general knowledge of the countries where the languages are spoken; a rank is not needed, and a
frequent name that is missing only means that its bearers are reported with more weight. Lower case, without accents.
"""

from __future__ import annotations

from collections.abc import Iterable


def _all(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


GIVEN = _all(
    # English
    "james john robert michael mike william will david dave richard joseph joe thomas tom charles chris "
    "christopher daniel dan matthew matt anthony tony mark paul steven steve andrew andy kevin brian george "
    "edward ed jason jeff ryan jacob eric jon jonathan johnny scott justin ben benjamin sam samuel alex jack "
    "peter adam henry luke mary patricia jennifer linda elizabeth liz barbara susan jessica sarah sara karen lisa "
    "nancy betty emily anna ann anne kim kate katie laura emma olivia sophie sophia chloe zoe grace rachel amy "
    "julia alice jane lucy hannah johanna joan rose ruby lily ella",
    # Spanish and Portuguese
    "maria jose juan luis carlos antonio francisco javier miguel angel pedro pablo jorge alejandro fernando "
    "sergio rafael manuel diego andres mario raul ricardo marta ana lucia carmen isabel elena laura paula "
    "cristina sofia claudia andrea rosa pilar teresa luz paz lucio joao paulo antonia joana marcos bruno tiago "
    "gabriel gustavo leonardo mariana beatriz camila fernanda juliana leticia",
    # Italian
    "giuseppe giovanni marco luca andrea francesco alessandro matteo lorenzo stefano roberto paolo davide simone "
    "giulia chiara francesca sara martina giorgia elisa alessia valentina aurelia aurelio",
    # French
    "jean pierre michel philippe alain nicolas julien thomas antoine louis hugo lucas marie nathalie isabelle "
    "sylvie catherine camille lea manon chloe claire celine",
    # German
    "hans peter klaus michael stefan andreas thomas jan lukas felix jonas leon anna maria sabine petra monika "
    "julia lena katharina christina ursula erik dina",
)

SURNAMES = _all(
    # English
    "smith jones brown johnson williams miller davis wilson taylor anderson thomas jackson white harris martin "
    "thompson moore clark lewis walker hall young allen king wright scott green baker adams nelson hill campbell "
    "mitchell roberts carter phillips evans turner parker collins edwards stewart morris murphy cook rogers "
    "cooper lee kelly mills",
    # Spanish and Portuguese
    "garcia fernandez gonzalez rodriguez lopez martinez sanchez perez gomez martin jimenez ruiz hernandez diaz "
    "moreno munoz alvarez romero alonso gutierrez navarro torres dominguez vazquez ramos gil ramirez serrano "
    "blanco molina paz silva santos ferreira pereira oliveira costa rodrigues martins sousa souza lima almeida "
    "carvalho gomes ribeiro",
    # Italian
    "rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti deluca costa "
    "giordano mancini rizzo lombardi moretti",
    # French
    "martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre michel garcia "
    "david bertrand roux vincent fournier",
    # German
    "muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer koch bauer "
    "richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange werner",
)


def carried_by_many(parts: Iterable[str]) -> bool:
    """Whether a name of at least two parts consists of frequent ones only, as "maria", "garcia".

    Args:
        parts: its words in lower case without accents.
    """
    words = list(parts)
    return len(words) >= 2 and all(word in GIVEN or word in SURNAMES for word in words)
