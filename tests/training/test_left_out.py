"""Methods that are left out are seen by no run, and what leaving them out costs is told on the same samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.forgery_samples import Sample
from training.left_out_table import AGAIN, FILE, NOTHING, line, read_table, samples_of, table


def _samples(shift: float, seed: int = 0) -> list[Sample]:
    """Twenty groups of FaceForensics++ with two methods, and a collection; fakes of all score higher by a shift."""
    random = np.random.default_rng(seed)
    told = []
    for source in ("faceforensics", "faceforensics_compressed", "dfdc", "dfdc_compressed"):
        for group in range(20):
            told.append(Sample(float(random.normal()), -2.0, False, source, "original", f"{group}"))
            told += [
                Sample(float(random.normal(shift)), -2.0, True, source, method, f"{group}")
                for method in (("Deepfakes", "FaceSwap") if source.startswith("face") else ("DFDC",))
            ]
    return told


def test_a_line_is_about_its_method_and_the_genuine_clips_of_its_collection() -> None:
    samples = _samples(1.0)
    rows = samples_of("Deepfakes", samples, compressed=False)
    assert {(samples[row].source, samples[row].method) for row in rows} == {
        ("faceforensics", "original"),
        ("faceforensics", "Deepfakes"),
    }
    rows = samples_of("dfdc", samples, compressed=True)
    assert {samples[row].source for row in rows} == {"dfdc_compressed"}
    assert len(rows) == 40


def test_what_is_lost_is_the_difference_and_its_interval_is_that_of_pairs() -> None:
    runs = {NOTHING: _samples(3.0), "Deepfakes": _samples(0.0), AGAIN: _samples(3.0, seed=9)}
    told = line("Deepfakes", runs, compressed=False)
    assert told["genuine"] == told["synthetic"] == 20
    assert told["lost"] == pytest.approx(told["nothing_left_out"] - told["left_out"])
    assert told["lost_interval"][0] > 0.2
    assert told["nothing_left_out_again"] > 0.9
    same = line("FaceSwap", {NOTHING: _samples(1.0), "FaceSwap": _samples(1.0)}, compressed=False)
    assert same["lost_interval"] == [0.0, 0.0], "the same scores differ in no draw, however wide each interval is"


def test_the_table_has_the_lines_that_were_run_and_is_read_back_for_the_card(tmp_path: Path) -> None:
    told = table({NOTHING: _samples(2.0), "dfdc": _samples(1.0)}, 320, 640)
    assert list(told) == ["how", "dfdc", "dfdc_compressed"]
    assert "640 crops" in told["how"]
    assert read_table(tmp_path) == {}
    (tmp_path / FILE).write_text(json.dumps(told))
    assert read_table(tmp_path) == told


def test_a_method_is_left_out_of_what_is_drawn_and_of_nothing_else() -> None:
    pytest.importorskip("torch", reason="torch belongs to the training extra")
    from tests.training.forgery_toys import material

    every = material()
    without = every.without("Deepfakes")
    faceforensics, dfdc = without.collections
    drawn = {faceforensics.method[row].split("/")[0] for row in np.flatnonzero(~faceforensics.kept_out)}
    assert drawn == {"original", "FaceSwap"}
    assert np.array_equal(dfdc.kept_out, every.collections[1].kept_out)
    whole = every.without("dfdc")
    assert whole.collections[1].kept_out.all()
    assert [pool.collection.name for pool in whole.pools] == ["genuine", "faceforensics"]
    with pytest.raises(SystemExit, match="nothing of this method"):
        every.without("Deepfake")


@pytest.mark.slow
def test_runs_that_leave_something_out_are_trained_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="torch belongs to the training extra")
    from tests.training.forgery_toys import material
    from training import left_out
    from training.settings import Settings

    torch.set_num_threads(1)
    monkeypatch.setattr(left_out, "gather", lambda settings: material())
    monkeypatch.setattr(left_out, "METHODS", ("FaceSwap",))
    settings = Settings(
        data=tmp_path,
        teachers=tmp_path,
        out=tmp_path,
        work=tmp_path,
        minutes=0.02,
        seed=0,
        threads=1,
        loaders=0,
        resume=True,
        start=Path("detectors/models/identity.onnx"),
        steps=1,
    )
    left_out.train(settings)
    told = read_table(tmp_path)
    assert told["FaceSwap"]["synthetic"] == told["FaceSwap"]["genuine"] == 4
    written = {path.name for path in tmp_path.glob("*.onnx")}
    assert written == {f"forgery-without-{name}.onnx" for name in (NOTHING, "FaceSwap", AGAIN)}
