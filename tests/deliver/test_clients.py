"""The mail's HTML against the table of what Gmail, Outlook and Apple Mail take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from bot.deliver.compose import Composer, proof_message
from storage import DigestRecord, Observed, Store
from tests.deliver import clients
from tests.deliver.conftest import Configured
from tests.digest.scene import NOW


class _Walk(HTMLParser):
    """Elements with their attributes, and the text of style elements."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.styles = ""
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles += data


def walked(html: str) -> _Walk:
    walk = _Walk()
    walk.feed(html)
    walk.close()
    return walk


def declarations(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    for one in attributes.get("style", "").split(";"):
        name, colon, value = one.partition(":")
        if colon:
            yield name.strip(), value.strip()


def misfits(html: str) -> set[str]:
    """What some program does not take, and nobody said that it is no harm."""
    walk = walked(html)
    found = set()
    for tag, attributes in walk.elements:
        if tag not in clients.ELEMENTS:
            found.add(f"<{tag}>")
        for name in set(attributes) - {"class", "style"} - clients.ATTRIBUTES.get(tag, set()):
            found.add(f"<{tag} {name}>")
        for name, value in declarations(attributes):
            if name not in clients.EVERYWHERE and name not in clients.GRACEFUL:
                found.add(name)
            if name == "padding" and tag not in clients.PADDED | {"body"}:
                found.add(f"padding on <{tag}>")
            if name == "display" and (tag, value) != ("img", "block"):
                found.add(f"display: {value} on <{tag}>")
            if re.search(r"url\(|var\(|calc\(|rgba\(|!important", value):
                found.add(f"{name}: {value}")
    rules = re.findall(r"@[a-z-]+ \([a-z-]+", walk.styles)
    found |= {rule for rule in rules if rule not in clients.IN_STYLE}
    assert rules, "the style element lost its rules"
    # what is left there must all stand in such a rule: Gmail drops the whole element for some faults in it
    outside = re.sub(r"@media [^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", walk.styles)
    if outside.strip():
        found.add(f"style outside of rules: {outside.strip()[:60]}")
    return found


@pytest.fixture(params=["busy", "seed", "trouble", "test"])
def html(request: pytest.FixtureRequest, store: Store, configured: Configured) -> str:
    config = configured(deliver={"address": "https://example.org/digests"})
    if request.param == "test":
        return proof_message(NOW).html
    composer = Composer(store, config, NOW)
    if request.param == "trouble":
        store.observe_troubles([Observed("disk", "/store", "1 MB free", "Free some.")], NOW, settled=NOW - NOW)
        return composer.trouble([1]).html
    digest: DigestRecord = request.getfixturevalue("busy" if request.param == "busy" else "seeded")
    return composer.digest(digest).html


def test_every_program_takes_all_of_it_or_does_without_harm(html: str) -> None:
    assert misfits(html) == set()


def test_tables_are_for_layout_and_say_so(html: str) -> None:
    assert all(attributes.get("role") == "presentation" for tag, attributes in walked(html).elements if tag == "table")


def test_pictures_have_a_width_and_words(html: str) -> None:
    for tag, attributes in walked(html).elements:
        if tag == "img":
            assert int(attributes["width"]) <= 544
            assert attributes["alt"]


def test_the_colours_can_be_read_in_light_and_dark() -> None:
    """WCAG 2.2 AA, 1.4.3: 4.5 to 1 for text, of each pair that stands in the style sheets."""
    light = [("#1b1f23", "#ffffff"), ("#1b1f23", "#eef0f2"), ("#57606a", "#ffffff"), ("#57606a", "#eef0f2"),
             ("#57606a", "#fff6e5"), ("#1b1f23", "#fff6e5"), ("#b42318", "#ffffff"), ("#b54708", "#ffffff"),
             ("#175cd3", "#ffffff"), ("#0550ae", "#eef0f2"), ("#b42318", "#eef0f2"), ("#b54708", "#eef0f2"),
             ("#175cd3", "#eef0f2")]  # fmt: skip
    dark = [("#e6e9ec", "#14171a"), ("#e6e9ec", "#1e2226"), ("#e6e9ec", "#2b2415"), ("#a8b1ba", "#14171a"),
            ("#a8b1ba", "#1e2226"), ("#a8b1ba", "#2b2415"), ("#f97066", "#1e2226"), ("#f5a04c", "#1e2226"),
            ("#84b4ff", "#1e2226"), ("#84b4ff", "#14171a"), ("#f97066", "#14171a")]  # fmt: skip
    from importlib import resources

    texts = resources.files("templates")
    sheets = texts.joinpath("mail.css").read_text() + texts.joinpath("mail-screen.css").read_text()
    known = {colour for pair in light + dark for colour in pair}
    written = set(re.findall(r"(?<!-)color: (#[0-9a-f]{6})", sheets))
    written |= set(re.findall(r"background-color: (#[0-9a-f]{6})", sheets))
    assert written <= known, "a colour that nobody compared"
    for text, ground in light + dark:
        high, low = sorted((_luminance(text), _luminance(ground)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_table_finds_what_does_not_fit() -> None:
    style = "<style>@media (max-width: 1px) {}</style>"
    section = "<section style='display: flex; position: absolute'><a onclick='x'>x</a></section>"
    bad = f"{style}{section}<div style='padding: 1px'>"
    assert misfits(bad) == {
        "<section>", "<a onclick>", "position", "display: flex on <section>", "padding on <div>"
    }  # fmt: skip
