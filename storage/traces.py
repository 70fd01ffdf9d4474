"""Traces of a person in texts and bytes: how a name may be written, and a search of files for it.

A name is looked for in any case, with anything short between its words, and as pages, addresses and JSON write it: what
is deleted must not be found under another spelling.
"""

from __future__ import annotations

import base64
import mmap
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

REMOVED = "[removed]"
"""What stands in the place of a name in records that stay; it is valid inside a JSON string."""

SHORTEST_IN_BYTES = 5
"""Fewest characters of a name that is searched for in files of any kind: a shorter one is there by chance."""

LONG = 8
"""Characters of a name of one word from which it is found inside longer words, as in handles: `real…`, `deep…`."""

WINDOW = 32
"""Bytes of an embedding that are searched for at once: eight numbers, which no other vector shares by chance."""

_BETWEEN = r"(?:%[0-9A-Fa-f]{2}|&#?\w{1,8};|\\u[0-9A-Fa-f]{4}|[\W_]){0,3}"
_TEXT_FILES = frozenset({".html", ".txt", ".json", ".xml", ".srt", ".vtt", ".log", ".jsonl", ".yaml", ""})


@dataclass(frozen=True)
class Marks:
    """What is looked for.

    Attributes:
        names: names and handles of the person, each in any spelling as above.
        texts: other texts, to be found as they are, in any case: addresses, file names, hashes.
        vectors: embeddings, as the bytes that the store kept.
    """

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    vectors: tuple[bytes, ...] = ()

    @cached_property
    def text(self) -> re.Pattern[str]:
        """Finds names and texts in a text."""
        found = [_spelled(name) for name in self.names if _words(name)]
        found += [re.escape(text) for text in self.texts if text]
        # a pattern without alternatives would match everywhere
        return re.compile("|".join(sorted(found, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)

    @cached_property
    def data(self) -> re.Pattern[bytes]:
        """Finds vectors, and names and texts of :data:`SHORTEST_IN_BYTES` characters or more, in the bytes of files."""
        found = [_spelled_bytes(name) for name in self.names if len("".join(_words(name))) >= SHORTEST_IN_BYTES]
        found += [_letters(text) for text in self.texts if len(text) >= SHORTEST_IN_BYTES]
        found += [re.escape(one) for name in self.names for one in _base64(name)]
        found += [re.escape(one) for vector in self.vectors for one in _windows(vector)]
        return re.compile(b"|".join(found) or rb"(?!)", re.IGNORECASE)

    def redacted(self, text: str) -> str:
        """The text with :data:`REMOVED` in the place of each name and text."""
        return self.text.sub(REMOVED, text)

    def in_file(self, path: Path) -> bool:
        """Whether the name of the file or its bytes hold a trace; an empty file and one that is gone hold none."""
        if self.text.search(path.name):
            return True
        try:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                if self.data.search(data):
                    return True
                if path.suffix in _TEXT_FILES:
                    return bool(self.text.search(bytes(data).decode("utf-8", "replace")))
        except (FileNotFoundError, ValueError):  # an empty file cannot be mapped
            return False
        return False


def files_with(marks: Marks, places: Iterable[Path]) -> list[Path]:
    """The files in these folders, and those of these that are files, which hold a trace; sorted."""
    found: set[Path] = set()
    for place in places:
        inside = place.rglob("*") if place.is_dir() else [place]
        found.update(path for path in inside if path.is_file() and not path.is_symlink() and marks.in_file(path))
    return sorted(found)


def _words(name: str) -> Sequence[str]:
    return re.findall(r"[^\W_]+", name)


def _spelled(name: str) -> str:
    """The words of a name with anything short between them; a short single word stands alone: Ana is not in banana."""
    words = _words(name)
    body = _BETWEEN.join("".join(_letter(letter) for letter in word) for word in words)
    return body if len(words) > 1 or len(words[0]) >= LONG else rf"(?<![^\W_]){body}(?![^\W_])"


def _letter(letter: str) -> str:
    if letter.isascii():
        return re.escape(letter)
    ways = {re.escape(letter)}
    for case in {letter, letter.lower(), letter.upper()}:
        ways |= {"".join(rf"\\u{ord(one):04x}" for one in case), re.escape(quote(case))}
        ways |= {"".join(rf"&\#{ord(one)};" for one in case)}
    return f"(?:{'|'.join(sorted(ways))})"


def _spelled_bytes(name: str) -> bytes:
    between = _BETWEEN.encode("ascii")
    words = _words(name)
    body = between.join(_letters(word) for word in words)
    return body if len(words) > 1 or len(words[0]) >= LONG else rb"(?<![A-Za-z0-9])" + body + rb"(?![A-Za-z0-9])"


def _letters(text: str) -> bytes:
    """A text as UTF-8 or as JSON, pages and addresses write it, letter by letter."""
    found = []
    for letter in text:
        if letter.isascii():
            found.append(re.escape(letter.encode("ascii")))
            continue
        ways: set[bytes] = set()
        for case in {letter, letter.lower(), letter.upper()}:
            ways |= {
                re.escape(case.encode("utf-8", "surrogatepass")),
                "".join(rf"\\u{ord(one):04x}" for one in case).encode("ascii"),
                re.escape(quote(case, errors="surrogatepass").encode("ascii")),
                "".join(rf"&\#{ord(one)};" for one in case).encode("ascii"),
            }
        found.append(b"(?:" + b"|".join(sorted(ways)) + b")")
    return b"".join(found)


def _base64(name: str) -> list[bytes]:
    """The inner part of the name in base64, for each of the three places where it may begin in a group of three."""
    data = name.encode("utf-8", "surrogatepass")
    found = []
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + data)
        # the first group holds other bytes too where it is shifted, and so may the last
        inner = whole[4 if shift else 0 : (shift + len(data)) // 3 * 4]
        if len(inner) >= 8:
            found.append(inner)
    return found


def _windows(vector: bytes) -> list[bytes]:
    """Pieces of a vector that are found also where a page of the database cut it; those of zeros say nothing."""
    pieces = [vector[start : start + WINDOW] for start in range(0, len(vector) - WINDOW + 1, WINDOW)]
    return [piece for piece in pieces if len(set(piece)) > WINDOW // 4]


__all__ = ["REMOVED", "SHORTEST_IN_BYTES", "Marks", "files_with"]
