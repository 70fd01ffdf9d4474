"""The page as a document: what it may load, who can read it, how it is built."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.digest import html
from tests.digest.conftest import Seed
from tests.digest.reading import Element, check_names, check_outline, read


@pytest.fixture(scope="module", params=["2026-11-25.html", "index.html"])
def document(request: pytest.FixtureRequest, seed: Seed) -> Element:
    return read((seed.page.parent / str(request.param)).read_text("utf-8"))


def test_the_policy_allows_only_this_style_and_pictures_inside(document: Element) -> None:
    policy = document.one("meta", http_equiv="Content-Security-Policy").attributes["content"] or ""
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    style = document.one("style").exact()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert directives == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert document.one("meta", name="referrer").attributes["content"] == "no-referrer"


def test_nothing_comes_from_outside_and_nothing_runs(document: Element) -> None:
    assert {element.tag for element in document.all()}.isdisjoint(
        {"script", "iframe", "object", "embed", "form", "input", "video", "audio", "base", "source", "use", "image"}
    )
    for element in document.all():
        for name, value in element.attributes.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in ("style", "srcset", "ping", "background", "action", "xlink:href"), (element.tag, name)
            if name == "src":
                assert (value or "").startswith("data:image/jpeg;base64,")
            if name == "href" and element.tag != "a":
                assert (value or "").startswith("data:"), (element.tag, value)
    assert not re.search(r"url\(|@import|expression", document.one("style").exact())


def test_the_policy_stands_before_all_that_it_rules(document: Element) -> None:
    tags = [(one.tag, one.attributes.get("http-equiv")) for one in document.one("head").all()]
    assert tags[1:3] == [("meta", None), ("meta", "Content-Security-Policy")], "after the charset, before all else"


def test_headings_step_down_one_at_a_time(document: Element) -> None:
    check_outline(document)


def test_names_are_unique_and_what_is_pointed_at_is_there(document: Element) -> None:
    check_names(document)


def test_landmarks_and_a_way_past_the_header(document: Element) -> None:
    document.one("main")
    assert len([one for one in document.one("body").inside if isinstance(one, Element) and one.tag == "header"]) == 1
    skip = next(document.one("body").all("a"))
    assert (skip.text(), skip.attributes["href"]) == ("Skip to the digest", "#main")
    assert document.one("html").attributes["lang"] == "en"
    for image in document.all("img"):
        assert image.attributes["alt"]
    for table in document.all("table"):
        assert table.one("caption").text()
        for cell in table.all("th"):
            assert cell.attributes["scope"] in ("col", "row")


def test_local_links_lead_to_files_that_were_written(seed: Seed, document: Element) -> None:
    for one in document.all("a"):
        href = one.attributes["href"] or ""
        if not href.startswith(("http", "#")):
            assert (seed.page.parent / href).is_file()


def test_a_name_that_is_missing_is_an_error_and_everything_is_escaped() -> None:
    environment = html._environment()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ missing }}").render()
    assert environment.from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"


def test_the_style_cannot_end_its_element() -> None:
    style = resources.files("templates").joinpath("page.css").read_text("utf-8")
    assert "<" not in re.sub(r'content: " <"', "", style)
    assert "\r" not in style


def colours(style: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The colours of the light, the dark and the printed page; what one does not set stays that of the light one."""
    light = _named(style.partition("@media")[0])
    yield "light", light
    yield "dark", light | _named(style.partition("(prefers-color-scheme: dark)")[2].partition("\n}\n")[0])
    yield "print", light | _named(style.partition("@media print")[2])


def _named(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6});", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_has_contrast_in_light_dark_and_print() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    for name, palette in colours(resources.files("templates").joinpath("page.css").read_text("utf-8")):
        assert len(palette) == 16, name
        for ground in ("paper", "card", "faint"):
            for ink in ("ink", "soft", "link"):
                assert contrast(palette[ink], palette[ground]) >= 4.5, (name, ink, ground)
        for tone in ("urgent", "high", "normal", "low"):
            assert contrast(palette["on"], palette[tone]) >= 4.5, (name, tone)
        assert contrast(palette["high"], palette["paper"]) >= 4.5, name
        for bar in ("up", "down", "mark"):
            assert contrast(palette[bar], palette["faint"]) >= 3, (name, bar)


def test_templates_are_found_without_the_checkout(tmp_path: Path) -> None:
    """Copied elsewhere, as a wheel lays them, the packages still find their templates."""
    code = (
        "from bot.digest.html import render_index; from bot.digest.index_model import Index; "
        "print(render_index(Index(())))"
    )
    root = Path(html.__file__).parents[2]
    for package in ("bot", "detectors", "storage", "templates"):
        (tmp_path / package).symlink_to(root / package)
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd="/", env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "There is no digest yet." in done.stdout
