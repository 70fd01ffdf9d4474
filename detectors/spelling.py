"""Letters as a reader sees them: look-alikes of other scripts, accents, digits for letters, words."""

from __future__ import annotations

import re
import unicodedata

# Letters of other scripts that are drawn like a Latin one; set together from the Unicode charts of Cyrillic, Greek,
# Armenian and Cherokee. What Unicode itself relates (full width, mathematical, accented) is decomposed, not listed.
_LOOK_ALIKES = {
    "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t",
    "у": "y", "х": "x", "і": "i", "ї": "i", "ј": "j", "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l",
    "ѵ": "v", "ь": "b", "г": "r", "п": "n", "ш": "w", "ѡ": "w", "ү": "y", "ғ": "f", "з": "3", "б": "6",
    "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j", "ϱ": "p",
    "ա": "w", "օ": "o", "ս": "u", "ո": "n", "ց": "g", "հ": "h", "ք": "p", "զ": "q",
    "ı": "i", "ȷ": "j", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ƒ": "f", "ɑ": "a", "ɡ": "g", "ɩ": "i",
    "ʀ": "r", "ᴠ": "v", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "p", "ð": "d",
    "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭼ": "e", "Ꮋ": "h", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m", "Ꮲ": "p", "Ꭱ": "r",
    "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮤ": "w", "Ꮓ": "z",
}  # fmt: skip

_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "6": "b", "7": "t", "8": "b", "9": "g",
                         "$": "s", "@": "a", "!": "i", "|": "l"})  # fmt: skip


def skeleton(text: str) -> str:
    """Text in lower-case Latin letters as it looks: other scripts' look-alikes replaced, accents taken off."""
    looks = "".join(_LOOK_ALIKES.get(letter, letter) for letter in unicodedata.normalize("NFKC", text))
    folded = "".join(_LOOK_ALIKES.get(letter, letter) for letter in looks.casefold())
    plain = []
    for letter in unicodedata.normalize("NFKD", folded):
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
            continue  # accents; characters of no width
        plain.append(_small_capital(letter))
    return "".join(plain)


def _small_capital(letter: str) -> str:
    """Small capitals and their like carry the letter in their Unicode name."""
    if letter.isascii() or not letter.isalpha():
        return letter
    match = re.fullmatch(r"LATIN (?:LETTER SMALL CAPITAL|SMALL LETTER|CAPITAL LETTER) ([A-Z])(?: WITH .*)?",
                         unicodedata.name(letter, ""))  # fmt: skip
    return match[1].lower() if match else letter


def without_accents(text: str) -> str:
    """Lower case without accents, scripts left as they are: what nobody would call a disguise."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )


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
