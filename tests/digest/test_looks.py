"""Every kind of page in a real browser: what it asks for, whom it shuts out, how it looks in each light and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.digest import days
from tests.digest.chrome import BROWSER, Tab, browser

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")

DAYS: Mapping[str, Callable[[Path], Path]] = {"busy": days.busy, "quiet": days.quiet, "failed": days.failed}
WAYS: Mapping[str, tuple[int, bool, str]] = {
    "desktop": (1280, False, "screen"),
    "phone": (390, False, "screen"),
    "dark": (1280, True, "screen"),
    "print": (794, False, "print"),
}
HEAVIEST = 4_500_000
"""Bytes of the heaviest page: pictures within their budget, a third more as text, and the words."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return {name: make(tmp_path_factory.mktemp(name)) for name, make in DAYS.items()}


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def pages(written: Mapping[str, Path]) -> list[Path]:
    """The three days, the list, a page of a case and of an account of each."""
    found = [*written.values(), written["busy"].parent / "index.html"]
    for name in ("cases", "accounts"):
        found += sorted((written["busy"].parent / name).glob("*.html"))[:3]
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("day", DAYS)
def test_a_day_can_be_looked_at(tab: Tab, written: Mapping[str, Path], tmp_path: Path, day: str, way: str) -> None:
    """It fits, it is not blank, and it is as light or dark as asked; the picture stays for whoever wants to look."""
    width, dark, media = WAYS[way]
    tab.open(written[day], width=width, dark=dark, media=media)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.picture(tmp_path / f"{day}-{way}.png")
    picture = cv2.imread(str(tmp_path / f"{day}-{way}.png"))
    assert picture is not None
    assert picture.shape[1] == width
    corner = float(np.mean(picture[2, 2]))
    assert (corner < 60) if dark else (corner > 200)
    assert picture.std() > 8, "not blank"
    assert tab.complaints == []


def test_a_page_asks_for_nothing_but_itself(tab: Tab, written: Mapping[str, Path]) -> None:
    for page in pages(written):
        tab.open(page)
        outside = [one for one in tab.requests if one != page.as_uri() and not one.startswith("data:")]
        assert outside == [], page
        assert tab.complaints == [], page
        assert page.stat().st_size < HEAVIEST, page
    tab.open(written["busy"])
    assert written["busy"].as_uri() in tab.requests, "the requests are seen at all"


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_against_wcag_aa(tab: Tab, written: Mapping[str, Path], dark: bool) -> None:
    """The library is put into the test's browser alone; the pages allow no script, and carry none."""
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    run = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
    told = ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join()))"
    found = {}
    for page in pages(written):
        for width in (1280, 390):
            tab.open(page, width=width, dark=dark)
            tab.evaluate(axe)
            found[page.parent.parent.name, page.parent.name, page.name, width] = tab.evaluate(run + told)
    assert len(found) >= 20
    assert {where: what for where, what in found.items() if what} == {}


def test_axe_would_find_something(tab: Tab, written: Mapping[str, Path], tmp_path: Path) -> None:
    """The test above could not fail if the library did not run."""
    spoiled = tmp_path / "spoiled.html"
    spoiled.write_text(written["quiet"].read_text("utf-8").replace('<html lang="en">', "<html>"), "utf-8")
    tab.open(spoiled)
    tab.evaluate(resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
    found = tab.evaluate("axe.run(document).then(r => r.violations.map(v => v.id))")
    assert "html-has-lang" in found


def test_the_keyboard_reaches_every_link_and_fold_in_their_order(tab: Tab, written: Mapping[str, Path]) -> None:
    tab.open(written["busy"])
    wanted = tab.evaluate("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length")
    seen = []
    for _ in range(wanted):
        for kind in ("keyDown", "keyUp"):
            tab.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        place = "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].indexOf(document.activeElement)"
        seen.append(tab.evaluate(place))
    assert seen == list(range(wanted))
