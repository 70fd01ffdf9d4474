"""Letters as a reader sees them: look-alikes of other scripts, accents, digits for letters, words."""

from __future__ import annotations

import re
import unicodedata

# Letters of other scripts that are drawn like a Latin one; set together from the Unicode charts of Cyrillic, Greek,
# Armenian, Cherokee, Coptic and Lisu. What Unicode itself relates is computed, not listed: full width, mathematical,
# circled and accented letters by decomposition; strokes, small capitals, turned and squared letters by their names.
_LOOK_ALIKES = {
    "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t",
    "у": "y", "х": "x", "і": "i", "ї": "i", "ј": "j", "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l",
    "ѵ": "v", "ь": "b", "г": "r", "п": "n", "ш": "w", "ѡ": "w", "ү": "y", "ғ": "f", "з": "3", "б": "6", "є": "e",
    "и": "u", "й": "u", "я": "r", "ц": "u", "ұ": "y", "ө": "o", "ҽ": "e", "ԍ": "g",
    "α": "a", "β": "b", "γ": "y", "δ": "d", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "λ": "a", "μ": "u",
    "ν": "v", "ο": "o", "π": "n", "ρ": "p", "σ": "o", "ς": "s", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c",
    "ϳ": "j", "ϱ": "p",
    "ա": "w", "օ": "o", "ս": "u", "ո": "n", "ց": "g", "հ": "h", "ք": "p", "զ": "q", "ռ": "n", "ղ": "n", "տ": "s",
    "ı": "i", "ȷ": "j", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "p", "ð": "d", "ɑ": "a", "ɩ": "i", "ʋ": "v",
    "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m",
    "Ꮲ": "p", "Ꭱ": "r", "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮤ": "w", "Ꮓ": "z",
    "ⲁ": "a", "ⲉ": "e", "ⲟ": "o", "ⲣ": "p", "ⲥ": "c", "ⲧ": "t", "ⲭ": "x", "ⲓ": "i", "ⲕ": "k", "ⲙ": "m",
    "ꓐ": "b", "ꓑ": "p", "ꓒ": "d", "ꓓ": "d", "ꓔ": "t", "ꓖ": "g", "ꓗ": "k", "ꓙ": "j", "ꓚ": "c", "ꓜ": "z", "ꓝ": "f",
    "ꓟ": "m", "ꓠ": "n", "ꓡ": "l", "ꓢ": "s", "ꓣ": "r", "ꓦ": "v", "ꓧ": "h", "ꓪ": "w", "ꓫ": "x", "ꓬ": "y", "ꓮ": "a",
    "ꓰ": "e", "ꓲ": "i", "ꓳ": "o", "ꓴ": "u",
}  # fmt: skip

_LATIN_WITH = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH .*")
"""Unicode names of a Latin letter with a stroke, hook, tail or the like, which decomposition leaves whole."""

_LATIN_BY_NAME = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL"
    r"|LATIN (?:SMALL|CAPITAL) LETTER(?: (?:TURNED|OPEN|REVERSED|SCRIPT|SIDEWAYS|TAILLESS|INSULAR|CLOSED))*"
    r"|(?:NEGATIVE |CROSSED NEGATIVE )?(?:SQUARED|CIRCLED) LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])(?: WITH .*)?"
)
"""Unicode names of what is drawn like a Latin letter and is not an accented one."""

_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Blank although Unicode calls them letters or marks; other characters of no width have the category Cf."""

_DIGITS = str.maketrans("0123456789$@!|", "olzeasbtbgsail")


def skeleton(text: str) -> str:
    """Text in lower-case Latin letters as it looks: other scripts' look-alikes replaced, accents taken off."""
    looks = "".join(_LOOK_ALIKES.get(letter, letter) for letter in unicodedata.normalize("NFKC", text))
    folded = "".join(_LOOK_ALIKES.get(letter, letter) for letter in looks.casefold())
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(
        _by_name(letter) for letter in decomposed if not unicodedata.combining(letter) and not _blank(letter)
    )


def _by_name(letter: str) -> str:
    """Small capitals, letters with a stroke, squared ones and their like carry the letter in their Unicode name."""
    if letter.isascii():
        return letter
    match = _LATIN_BY_NAME.fullmatch(unicodedata.name(letter, ""))
    return match[1].lower() if match else letter


def _blank(letter: str) -> bool:
    return letter in _INVISIBLE or unicodedata.category(letter) == "Cf"


def visible(text: str) -> str:
    """Text without the characters that nobody sees (no width, fillers)."""
    return "".join(letter for letter in text if not _blank(letter))


def foreign_letters(text: str) -> dict[str, str]:
    """Letters that are no Latin ones but drawn like one, each with its script ("CYRILLIC", "MATHEMATICAL", ...)."""
    found = {}
    for letter in text:
        if letter.isascii() or _blank(letter) or not (looks := skeleton(letter)).isascii() or not looks.isalnum():
            continue
        name = unicodedata.name(letter, "")
        if name.startswith("LATIN ") and "SMALL CAPITAL" not in name and not re.search(r"TURNED|REVERSED", name):
            continue
        found[letter] = name.split(" ", 1)[0]
    return found


def without_accents(text: str) -> str:
    """Lower case without accents and strokes, scripts left as they are: what nobody would call a disguise."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()  # mathematical capitals decompose to capitals
    return "".join(_without_stroke(letter) for letter in plain if not unicodedata.combining(letter))


def _without_stroke(letter: str) -> str:
    if letter.isascii():
        return letter
    match = _LATIN_WITH.fullmatch(unicodedata.name(letter, ""))
    return match[1].lower() if match else {"æ": "ae", "œ": "oe", "ı": "i"}.get(letter, letter)


def joined(text: str) -> str:
    """Letters and digits only."""
    return "".join(letter for letter in text if letter.isalnum())


def digits_as_letters(text: str) -> str:
    """Digits and signs read as the letters they stand for ("r3al" -> "real"); 1 and i both become l."""
    return text.translate(_DIGITS).replace("i", "l")


def words(text: str) -> list[str]:
    """Runs of letters and digits, in order; "_" separates."""
    return re.findall(r"[^\W_]+", text)


def shown(text: str, limit: int = 60) -> str:
    """Text from outside for a sentence of ours: one line, no control or direction characters, bounded."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 3] + "..."
