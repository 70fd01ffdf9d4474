"""A page as a tree, so that tests can ask where a text stands and not only whether it does."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = frozenset({"a", "bdi", "code", "q", "span", "strong", "style", "time"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass(eq=False)
class Element:
    """One element: `inside` holds texts and elements in their order."""

    tag: str
    attributes: dict[str, str | None]
    inside: list[str | Element] = field(default_factory=list)

    def all(self, tag: str | None = None, **attributes: str) -> Iterator[Element]:
        """This element and those below, with this tag and these attributes (`class_` holds the name among others)."""
        if (tag is None or self.tag == tag) and all(self._has(name, value) for name, value in attributes.items()):
            yield self
        for part in self.inside:
            if isinstance(part, Element):
                yield from part.all(tag, **attributes)

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        """The only such element."""
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def text(self) -> str:
        """All text as it is read, white space collapsed."""
        return " ".join(self.exact().split())

    def exact(self) -> str:
        """All text as it stands, with space around what begins a line of its own."""
        text = "".join(part if isinstance(part, str) else part.exact() for part in self.inside)
        return text if self.tag in INLINE else f" {text} "

    def _has(self, name: str, value: str) -> bool:
        held = self.attributes.get(name.rstrip("_").replace("_", "-")) or ""
        return value in held.split() if name == "class_" else value == held


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute stands twice in {tag} {attrs}"
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def read(html: str) -> Element:
    """Parse a page; elements that are not closed in their order fail."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader._open) == 1, f"not closed: {[one.tag for one in reader._open[1:]]}"
    return reader.root


def check_outline(document: Element) -> None:
    """One first heading, and no level is left out on the way down."""
    levels = [int(one.tag[1]) for one in document.one("body").all() if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1, levels


def check_names(document: Element) -> None:
    """Every id stands once, and what is pointed at is there."""
    names = Counter(one.attributes["id"] for one in document.all() if "id" in one.attributes)
    assert set(names.values()) <= {1}
    for element in document.all():
        for name in (element.attributes.get("aria-labelledby") or "").split():
            assert name in names
        href = element.attributes.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in names
