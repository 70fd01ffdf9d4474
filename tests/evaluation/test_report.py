"""The page: what it says, that nothing from outside acts in it, and that a browser draws it under its own policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.digest.html import policy
from bot.errors import BotError
from bot.evaluation import drawing, report
from bot.evaluation.examining import Outcome
from bot.evaluation.measuring import Evaluation
from detectors.contract import Exhibit, ExhibitKind
from detectors.metrics import Bin
from tests.digest.test_browser import BROWSER, chromium, console
from tests.evaluation.conftest import MakeOutcome, picture_exhibit
from tests.evaluation.test_measuring import measured

HOSTILE = "<script>alert(1)</script>\u202e\x1b"


@pytest.fixture
def outcomes(outcome: MakeOutcome) -> list[Outcome]:
    series = Exhibit(ExhibitKind.SERIES, HOSTILE, series=((0.0, 1.0), (0.5, 2.0)))
    return [
        outcome("real/a/x.mp4", -1.0),
        outcome(f"real/a/{HOSTILE.replace('/', '')}.mp4", 2.0, exhibits=(picture_exhibit(HOSTILE), series)),
        outcome("real/b/x.mp4", -3.0),
        outcome("fake/swap/x.mp4", 3.0),
        outcome("fake/<b>/x.mp4", -1.0, exhibits=(Exhibit(ExhibitKind.CROP, "cut", jpeg=b"not a picture"),)),
        Outcome(outcome("fake/y.mp4", 1.0).sample, code="still_image", why=f"A picture. {HOSTILE}"),
    ]


@pytest.fixture
def evaluation(outcomes: list[Outcome]) -> Evaluation:
    return measured(outcomes, passed_over=1)


class Reader(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_all_of_it(evaluation: Evaluation) -> None:
    text = " ".join(Reader(report.page(evaluation, Path("clips"))).text.split())
    assert "3 genuine clips and 2 synthetic clips with a score; 1 file without." in text
    for label in ("fake/swap", "real/a", "real/b", "all", *report.COLUMNS.values()):
        assert label in text
    assert "1 single picture got no score: the forgery model was made and calibrated for video" in text
    assert "Labelled genuine; score +2.00, log10 likelihood ratio +0.20" in text
    assert "1 picture left out" in text, "a cut-out that is no JPEG"
    assert "still_image: 1." in text


def test_nothing_from_outside_acts_and_nothing_is_loaded(evaluation: Evaluation) -> None:
    page = report.page(evaluation, Path(f"/clips/{HOSTILE}"))
    reader = Reader(page)
    assert {tag for tag, _ in reader.tags} & {"script", "iframe", "object", "b", "form"} == set()
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "<script>alert(1)<script>" in reader.text.replace("</", "<"), "shown as words"
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    sent = next(a["content"] for tag, a in reader.tags if tag == "meta" and a.get("http-equiv"))
    assert sent == policy(style[1])
    loads = [a[key] for tag, a in reader.tags for key in ("src", "href") if key in a and tag != "a"]
    assert loads
    assert all((address or "").startswith("data:image/") for address in loads)
    assert not any(
        "style" in attributes or any(key.startswith("on") for key in attributes) for _, attributes in reader.tags
    )


@pytest.mark.parametrize(
    ("real", "fake", "told"),
    [
        ([1, 2, 3, 4] * 5, [6, 7, 8, 9] * 5, "ROC AUC 1.00 (1.00–1.00): better than chance"),
        ([6, 7, 8, 9] * 5, [1, 2, 3, 4] * 5, "ROC AUC 0.00 (0.00–0.00): worse than chance"),
        ([1, 2, 3], [1, 2, 3], "not shown to be better than chance"),
        ([1], [2], "ROC AUC 1.00, from too few clips to say how sure"),
        ([None], [None], "No genuine and no synthetic clip got a score, so there is nothing to compare"),
    ],
)
def test_the_headline_never_says_more_than_the_interval(
    outcome: MakeOutcome, real: list[float | None], fake: list[float | None], told: str
) -> None:
    sides = {"real": real, "fake": fake}
    rows = [outcome(f"{side}/{n}.mp4", score) for side, scores in sides.items() for n, score in enumerate(scores)]
    evaluation = measured(rows)
    assert report.headline(evaluation).endswith(told)
    assert told.rsplit(":", maxsplit=1)[-1].strip() in Reader(report.page(evaluation, Path("clips"))).text


def test_an_uncalibrated_model_and_too_few_clips_are_remarked(outcome: MakeOutcome) -> None:
    names = ("real/a.mp4", "real/b.mp4", "fake/a.mp4", "fake/b.mp4")
    evaluation = measured([outcome(name, float(n), log10_lr=0.0) for n, name in enumerate(names)])
    told = " ".join(report.remarks(evaluation))
    assert "no calibration" in told
    assert "no false alarm at all" in told
    assert evaluation.total.figures["cllr"].value == pytest.approx(1)


def test_the_report_is_written_anew_and_a_place_that_cannot_be_is_named(evaluation: Evaluation, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    report.prepare(folder)
    first = report.write(evaluation, folder, Path("clips")).read_bytes()
    assert report.write(evaluation, folder, Path("clips")).read_bytes() == first
    assert [path.name for path in folder.iterdir()] == ["report.html"]
    with pytest.raises(BotError, match=r"report\.html: the report cannot be written .* --out"):
        report.prepare(folder / "report.html")


def test_pictures_are_drawn_to_scale() -> None:
    left, right = drawing.LEFT, drawing.LEFT + drawing.SIDE
    assert drawing.place(0, 1) == (left, drawing.TOP)
    assert drawing.polyline([(0, 0), (0.5, 1), (1, 1)]).split()[1] == f"{(left + right) / 2:.1f},{drawing.TOP:.1f}"
    long = drawing.polyline([(n / 9999, n / 9999) for n in range(10_000)]).split()
    assert len(long) <= 501
    assert long[-1] == f"{right:.1f},{drawing.TOP:.1f}"
    small, large = drawing.dots([Bin(0.25, 0.5, 0.2, 3), Bin(0.75, 0.5, 0.8, 9)])
    assert large.radius == pytest.approx(2 * small.radius), "the area is the weight"
    assert small.x == pytest.approx(left + drawing.SIDE / 4)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_draws_it_and_its_policy_blocks_nothing(evaluation: Evaluation, tmp_path: Path, width: int) -> None:
    page = report.write(evaluation, tmp_path, Path("clips"))
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<body style="margin:0"><iframe id="page" src="{page.as_uri()}" style="border:0;width:{width}px;height:900px">'
        """</iframe><pre id="seen"></pre><script>
        document.getElementById("page").addEventListener("load", () => {
          const inside = document.getElementById("page").contentDocument;
          document.getElementById("seen").textContent = [
            inside.documentElement.scrollWidth,
            [...inside.images].every((one) => one.naturalWidth > 0) && inside.images.length,
            getComputedStyle(inside.querySelector(".curve")).fill,
            inside.querySelectorAll("circle.dot").length > 0,
          ].join(" ");
        });</script>"""
    )
    done = chromium(
        tmp_path, frame.as_uri(), "--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom"
    )
    assert console(done) == []
    seen = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout)
    assert seen is not None
    assert seen[1] == f"{width} 1 none true"
