"""The mails in a real browser: they fit, can be read in each light, and ask for nothing outside of themselves."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.deliver.compose import Composer
from bot.deliver.contract import Message
from storage import Store
from storage.troubles import Observed
from tests.conftest import make_config
from tests.deliver.conftest import busy_day
from tests.digest import days
from tests.digest.chrome import BROWSER, Tab, browser
from tests.digest.scene import NOW

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")

MAILS = ("forty", "busy", "quiet", "failed", "alert", "trouble")
PHONE, COLUMN = 360, 600


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The mails of each kind of day as files, their pictures put where a mail program puts them."""
    folder = tmp_path_factory.mktemp("mails")
    config = make_config(folder / "watch", digest={"timezone": "Europe/Paris"})
    made: dict[str, Message] = {}
    for name, make in (("busy", days.busy), ("quiet", days.quiet), ("failed", days.failed)):
        make(folder / name)
        with Store.open(folder / name / "store") as store:
            composer = Composer(store, config, NOW, days.portrait)
            made[name] = composer.digest(store.digests()[0])
            if name == "busy":
                made["alert"] = composer.alert([post.id for post in store.posts()][:2])
    with Store.open(folder / "forty") as store:
        composer = Composer(store, config, NOW, days.portrait)
        made["forty"] = composer.digest(busy_day(store))
        store.observe_troubles([Observed("disk", "/store", "1 MB free", "Free some.")], NOW, settled=NOW - NOW)
        made["trouble"] = composer.trouble([1])
    return {name: _placed(message, folder / f"{name}.html") for name, message in made.items()}


def _placed(message: Message, file: Path) -> Path:
    html = message.html
    for one in message.pictures:
        shown = f"cid:{one.name}@doppelwatch.invalid"
        assert shown in html
        html = html.replace(shown, f"data:image/jpeg;base64,{base64.b64encode(one.jpeg).decode()}")
    assert "cid:" not in html
    file.write_text(html, "utf-8")
    return file


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [PHONE, COLUMN])
@pytest.mark.parametrize("name", MAILS)
def test_a_mail_can_be_looked_at(
    tab: Tab, mails: Mapping[str, Path], tmp_path: Path, name: str, width: int, dark: bool
) -> None:
    """It fits, it is not blank, it is as light or dark as asked, and it asks for nothing but itself."""
    tab.open(mails[name], width=width, dark=dark)
    assert tab.evaluate("document.documentElement.scrollWidth") == width, "nothing sticks out sideways"
    widest = "Math.max(...[...document.querySelectorAll('*')].map(one => one.getBoundingClientRect().right))"
    assert tab.evaluate(widest) <= width
    images = "[...document.images].map(one => one.complete && one.naturalWidth > 0)"
    drawn = tab.evaluate(images)
    assert all(drawn)
    assert bool(drawn) == (name in {"forty", "busy", "alert"})
    tab.picture(tmp_path / "mail.png")
    picture = cv2.imread(str(tmp_path / "mail.png"))
    assert picture is not None
    assert picture.shape[1] == width
    corner = float(np.mean(picture[2, 2]))
    assert (corner < 60) if dark else (corner > 200)
    assert picture.std() > 8, "not blank"
    outside = [one for one in tab.requests if one != mails[name].as_uri() and not one.startswith("data:")]
    assert outside == []
    assert tab.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_against_wcag_aa(tab: Tab, mails: Mapping[str, Path], dark: bool) -> None:
    """As on the pages, without the practices that ask for landmarks: mail programs drop the elements that make them."""
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    run = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    told = ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join()))"
    found = {}
    for name, page in mails.items():
        for width in (PHONE, COLUMN):
            tab.open(page, width=width, dark=dark)
            tab.evaluate(axe)
            found[name, width] = tab.evaluate(run + told)
    assert len(found) == 2 * len(MAILS)
    assert {where: what for where, what in found.items() if what} == {}


def test_what_sticks_out_would_be_seen(tab: Tab, mails: Mapping[str, Path], tmp_path: Path) -> None:
    """The first test could not fail if the browser did not lay the mail out."""
    spoiled = tmp_path / "spoiled.html"
    spoiled.write_text(mails["quiet"].read_text("utf-8").replace("</body>", "<hr width='900'></body>"), "utf-8")
    tab.open(spoiled, width=PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") > PHONE


def test_the_reference_photo_stands_beside_the_face_and_is_named(mails: Mapping[str, Path]) -> None:
    for name in ("busy", "alert"):
        html = mails[name].read_text("utf-8")
        assert "On the left a reference photo of Aurelio Vantor, then the clip." in html
        assert 'alt="A reference photo of Aurelio Vantor, then frames of the clip at ' in html
