"""The page in a real browser: its own policy blocks nothing of it, it fits a phone, and something is to be seen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.digest.conftest import Seed

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")

MEASURE = """
<!doctype html>
<body style="margin:0"><iframe id="page" src="PAGE" style="border:0;width:WIDTHpx;height:900px"></iframe>
<pre id="seen"></pre>
<script>
document.getElementById("page").addEventListener("load", () => {
  const inside = document.getElementById("page").contentDocument;
  const images = [...inside.images];
  const box = inside.querySelector(".shots rect.box").getBoundingClientRect();
  const image = images[0].getBoundingClientRect();
  document.getElementById("seen").textContent = JSON.stringify({
    scroll: inside.documentElement.scrollWidth,
    drawn: images.filter((one) => one.complete && one.naturalWidth > 0).length,
    images: images.length,
    styled: getComputedStyle(inside.querySelector(".chip")).borderRadius,
    overlaid: box.left >= image.left && box.right <= image.right && box.top >= image.top && box.bottom <= image.bottom,
    narrowest: Math.min(
      ...[...inside.querySelectorAll(".strip > svg")].map((one) => one.getBoundingClientRect().width)),
  });
});
</script>
"""


def chromium(folder: Path, address: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the browser once, without a network of its own and without a profile that stays."""
    assert BROWSER is not None
    return subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            f"--user-data-dir={folder / 'profile'}",
            *options,
            address,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def console(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page itself caused in the browser's console."""
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def measured(folder: Path, page: Path, width: int) -> tuple[dict[str, Any], list[str]]:
    """Show the page in a frame of this width; what was measured in it, and the console."""
    frame = folder / "frame.html"
    frame.write_text(MEASURE.replace("PAGE", page.as_uri()).replace("WIDTH", str(width)))
    done = chromium(
        folder, frame.as_uri(), "--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom"
    )
    seen = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout)
    assert seen is not None
    return json.loads(seen[1]), console(done)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_renders_fits_and_its_policy_blocks_nothing_of_it(seed: Seed, tmp_path: Path, width: int) -> None:
    seen, messages = measured(tmp_path, seed.page, width)
    assert messages == []
    assert seen["scroll"] == width, "nothing sticks out sideways"
    assert seen["drawn"] == seen["images"] == 13
    assert seen["styled"] != "0px"
    assert seen["overlaid"]
    assert seen["narrowest"] >= 250


def test_a_style_of_anybody_else_is_refused(seed: Seed, tmp_path: Path) -> None:
    """The other test could not fail if the browser did not look at the policy."""
    page = tmp_path / "changed.html"
    page.write_text(seed.page.read_text("utf-8").replace("<style>", "<style>/* injected */"), "utf-8")
    seen, messages = measured(tmp_path, page, 390)
    assert any("Content Security Policy" in message for message in messages)
    assert seen["styled"] == "0px"


def test_the_index_renders_without_a_complaint(seed: Seed, tmp_path: Path) -> None:
    done = chromium(tmp_path, (seed.page.parent / "index.html").as_uri(), "--dump-dom")
    assert console(done) == []
    assert "Wed 25 Nov 2026" in done.stdout


@pytest.mark.parametrize("dark", [False, True])
def test_there_is_something_to_see_in_light_and_dark(seed: Seed, tmp_path: Path, dark: bool) -> None:
    shot = tmp_path / "page.png"
    options = ["--force-dark-mode"] if dark else []
    chromium(tmp_path, seed.page.as_uri(), f"--screenshot={shot}", "--window-size=1280,1000", *options)
    picture = cv2.imread(str(shot))
    assert picture is not None
    assert picture.shape == (1000, 1280, 3)
    corner = int(picture[2, 2].mean())
    assert (corner < 60) == dark
    assert (corner > 200) != dark
    assert picture.std() > 15, "not blank"
