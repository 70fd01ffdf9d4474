"""The benchmark of glitches in its quick form, on clips made for it, and the figures it reckons with."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks._glitch_clips import FAULTS, KINDS, Fault, Made
from benchmarks._glitch_film import LONG_SIDE, Excerpt, Picture, excerpt, length, write
from benchmarks._glitch_sight import VISIBLE_PX, off_px
from benchmarks.glitches import Reports, halves, near, poisson
from benchmarks.runner import main
from tests.detectors.media import write_video
from tests.detectors.test_glitches import pan


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with four genuine clips and a synthetic one."""
    folder = tmp_path_factory.mktemp("data") / "clips"
    folder.mkdir()
    rows = ["file,label"]
    for name, label in (("a", "real"), ("b", "real"), ("c", "real"), ("d", "real"), ("e", "fake")):
        write_video(folder / f"{name}.mp4", pan(150, ord(name)))
        rows.append(f"{name}.mp4,{label}")
    (folder / "index.csv").write_text("\n".join(rows))
    return folder.parent


def test_the_quick_form_makes_clips_and_counts_what_is_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glitches", "--json", "--quick", "--data", str(data)]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["quick"] is True
    assert figures["faults"] == 6
    assert (figures["tuned_on"], figures["sources"]) == (["a", "c"], ["b", "d"])
    assert sum(figures["found_by"][kind]["of"] for kind in KINDS) == 6
    found = sum(figures["found_by"][kind]["found"] for kind in KINDS)
    assert figures["measured"]["found"] == figures["found"] == pytest.approx(found / 6, abs=1e-4)
    assert found >= 4  # a camera that pans all the time hides little
    assert len(figures["missed"]) == 6 - found
    seen, hidden = figures["visible"], figures["visible"]["hidden"]
    assert seen["of"] + hidden["of"] == 6
    assert seen["found"] + hidden["found"] == found
    assert seen["share"] == pytest.approx(seen["of"] / 6, abs=1e-4)
    assert figures["aim"] == {"found": 0.95, "false_per_10min": 1.0}
    assert set(figures["false_by"]) == {"25 to 30", "title cards", "original"}
    assert figures["false_reports"] == sum(one["reports"] for one in figures["false_by"].values())
    assert figures["seconds_per_minute"] > 0


def test_without_clips_the_remedy_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glitches", "--data", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err


def test_thresholds_and_figures_come_from_different_clips(data: Path) -> None:
    tuned, held = halves(data)
    assert not {path.name for path in tuned} & {path.name for path in held}
    assert len(tuned) + len(held) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_where_it_is_said_to_be(kind: str, data: Path) -> None:
    taken = excerpt(data / "clips" / "a.mp4", 0, 100)
    marked = Excerpt("marked", tuple(np.full((4, 4, 3), index, np.uint8) for index in range(100)), taken.rate)
    for seed in range(12):
        film, fault = FAULTS[kind](marked, 40, np.random.default_rng(seed))
        assert fault.start_s == pytest.approx(40 / 25)
        assert fault.kind == kind
        order = [int(picture[0, 0, 0]) for picture, _ in film.shown]
        times = [time for _, time in film.shown]
        assert order[:41] == list(range(41))
        assert times == sorted(set(times))
        even = np.allclose(np.diff(times), 1 / 25)
        missing = 100 - len(set(order))
        if kind == "freeze":
            assert order.count(40) == fault.frames + 1
            assert missing == (fault.frames if fault.way == "held" else 0)
        elif kind == "drop":
            assert missing == fault.frames
            assert even == (fault.way == "closed up")
        else:
            assert even == (fault.way != "uneven times")
            assert (missing > 0) == (fault.way != "uneven times")
        after = [picture for picture, time in zip(order, times, strict=True) if time > fault.end_s + 0.05]
        assert np.all(np.diff(after) == 1)


def _sliding(step: int) -> list[Picture]:
    """Forty pictures of a wall that goes by at so many pixels a frame."""
    rng = np.random.default_rng(4)
    wall = cv2.GaussianBlur(rng.random((360, LONG_SIDE + 400)).astype(np.float32), (0, 0), 6)
    gray = (255 * (wall - wall.min()) / np.ptp(wall)).astype(np.uint8)
    return [np.repeat(gray[:, index * step : index * step + LONG_SIDE, None], 3, 2) for index in range(40)]


@pytest.mark.parametrize(
    ("way", "frames", "steps"),
    [
        ("held", 3, 3),
        ("inserted", 3, 3),
        ("gap in the times", 3, 3),
        ("closed up", 4, 4),
        ("every second", 12, 1),
        ("every third", 12, 2),
        ("uneven times", 6, 1),
    ],
)
def test_how_far_a_fault_puts_the_picture_off_is_the_way_it_misses(way: str, frames: int, steps: int) -> None:
    assert off_px(_sliding(2), way, 10, frames) == pytest.approx(2 * steps, abs=0.5)


def test_where_nothing_moves_no_fault_is_visible() -> None:
    assert off_px(_sliding(0), "held", 10, 9) == 0
    assert off_px(_sliding(1), "held", 10, 3) > VISIBLE_PX


def test_what_is_written_is_what_is_read(data: Path, tmp_path: Path) -> None:
    taken = excerpt(data / "clips" / "a.mp4", 10, 50)
    film, _ = FAULTS["freeze"](taken, 20, np.random.default_rng(1))
    path = write(tmp_path / "film.mp4", film, taken.rate, 20)
    assert length(path) == len(film.shown)


def test_a_report_counts_in_the_fault_and_just_beside_it() -> None:
    made = Made(Path("x.mp4"), "x", Fault("freeze", "held", 10, 2.0, 2.4))
    assert [near(start, made) for start in (1.79, 1.81, 2.3, 2.59, 2.61)] == [False, True, True, True, False]
    assert Reports((2.3,), 5.0).has(made)
    assert not Reports((2.3,), 5.0).begins(made)
    assert Reports((2.1,), 5.0).begins(made)


def test_the_poisson_interval_is_that_of_the_tables() -> None:
    # Garwood (1936): 0 gives 0 to 3.69, 1 gives 0.025 to 5.57, 10 gives 4.80 to 18.39
    for count, low, high in ((0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)):
        least, most = poisson(count)
        assert least == pytest.approx(low, abs=0.03)
        assert most == pytest.approx(high, abs=0.06)
