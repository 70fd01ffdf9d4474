"""`evaluate` as people and scripts call it, on real clips and with the stand-in models."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from tests.cli.conftest import Invoke, check_contract, doppelwatch, invoke, lines
from tests.conftest import STAND_INS, write_config
from tests.detectors.test_voting import foreign


@pytest.fixture
def evaluate(
    shared_workers: tuple[LimitedExecutor, SourceWorker], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Invoke:
    """`doppelwatch evaluate` with the stand-in models, which starts no processes of its own."""
    from bot.cli import evaluate as module

    executor, _ = shared_workers

    def take_executor(*_: object, **__: object) -> AbstractContextManager[LimitedExecutor]:
        return nullcontext(executor)

    monkeypatch.setattr(module, "LimitedExecutor", take_executor)
    monkeypatch.chdir(tmp_path)
    config = write_config(tmp_path)
    return lambda *arguments: invoke("evaluate", "-c", config, *arguments)


@pytest.fixture
def clean(labelled: Path, tmp_path: Path) -> Path:
    """The same without the files that cannot have a score."""
    folder = tmp_path / "clean"
    shutil.copytree(labelled, folder)
    for name in ("fake/other/broken.mp4", "real/still.jpg", "real/nobody.mp4"):
        (folder / name).unlink()
    return folder


def test_one_line_a_sub_folder_and_one_with_the_totals(evaluate: Invoke, labelled: Path, tmp_path: Path) -> None:
    result = evaluate("--json", labelled)
    assert result.exit_code == 5, result.output
    assert result.stdout.isascii()
    assert result.stderr == ""
    told = lines(result.stdout)
    check_contract("evaluate", told)
    other, swap, total = told
    assert (other["group"], other["genuine"], other["synthetic"], other["left_out"]) == ("fake/other", 3, 2, 1)
    assert (swap["group"], swap["genuine"], swap["synthetic"], swap["left_out"]) == ("fake/swap", 3, 3, 0)
    # dark genuine twice and bright once; against bright: 2 wins and a tie of 3; against dark: two ties and a loss
    assert swap["auc"] == pytest.approx(2.5 / 3, abs=1e-4)
    assert other["auc"] == pytest.approx((2.5 + 1) / 6, abs=1e-4)
    assert total["auc"] == pytest.approx((4 * 2.5 + 1) / 15, abs=1e-4)
    assert (total["files"], total["failed"], total["not_applicable"], total["passed_over"]) == (11, 1, 2, 1)
    assert total["reasons"] == {"no_face": 1, "still_image": 1, "unreadable": 1}
    assert [one["file"] for one in total["mistakes"]] == ["real/wrong.mp4", "fake/other/wrong.mp4"]
    assert total["report"] == "evaluation/report.html"
    page = (tmp_path / "evaluation" / "report.html").read_text("utf-8")
    assert page.count("data:image/jpeg") >= 4, "frames of both mistakes"


def test_people_read_figures_remarks_and_mistakes(evaluate: Invoke, labelled: Path, tmp_path: Path) -> None:
    result = evaluate(labelled, "--out", tmp_path / "elsewhere")
    assert result.exit_code == 5
    assert "ROC AUC 0.73" in result.stdout.splitlines()[0]
    assert "fake/swap" in result.stdout
    assert "1 single picture got no score" in result.stdout
    assert "real/wrong.mp4" in result.stdout
    assert f"Report: {tmp_path}/elsewhere/report.html" in result.stdout
    assert "no score fake/other/broken.mp4: is not a video" in result.stderr
    assert (tmp_path / "elsewhere" / "report.html").is_file()


def test_all_examined_is_exit_code_0_also_where_a_clip_is_not_applicable(
    evaluate: Invoke,
    labelled: Path,
    clean: Path,
) -> None:
    shutil.copy(labelled / "real" / "nobody.mp4", clean / "real")
    result = evaluate("--json", clean)
    assert result.exit_code == 0, result.output
    *_, total = lines(result.stdout)
    assert (total["failed"], total["not_applicable"], total["left_out"]) == (0, 1, 1)


def test_pictures_alone_are_said_to_have_no_score(evaluate: Invoke, labelled: Path, tmp_path: Path) -> None:
    for side in ("real", "fake"):
        (tmp_path / "stills" / side).mkdir(parents=True)
        shutil.copy(labelled / "real" / "still.jpg", tmp_path / "stills" / side)
    result = evaluate(tmp_path / "stills")
    assert result.exit_code == 5
    assert result.stdout.startswith("No genuine and no synthetic clip got a score, so there is nothing to compare")
    assert "the product does not ask it about pictures" in result.stdout
    told = lines(evaluate("--json", tmp_path / "stills").stdout)
    check_contract("evaluate", told)
    assert told[-1]["auc"] is None


@pytest.mark.parametrize("missing", ["real", "fake"])
def test_a_missing_side_is_one_clear_sentence(evaluate: Invoke, clean: Path, missing: str, tmp_path: Path) -> None:
    shutil.rmtree(clean / missing)
    result = evaluate(clean)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: {clean}: has no folder {missing}/; put genuine clips into real/ and synthetic ones into fake/\n"
    )
    assert not (tmp_path / "evaluation").exists()


def test_a_place_that_cannot_be_written_is_told_before_the_work(evaluate: Invoke, clean: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = evaluate(clean, "--out", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert "the report cannot be written" in result.stderr
    assert "--out" in result.stderr


def test_in_a_process_of_its_own_with_its_own_workers(clean: Path, tmp_path: Path) -> None:
    done = doppelwatch("evaluate", "--json", "-c", write_config(tmp_path), "--out", tmp_path / "out", clean)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = lines(done.stdout)
    check_contract("evaluate", told)
    assert told[-1]["genuine"] == 3


def test_two_models_that_vote_are_told_one_by_one_and_together(evaluate: Invoke, clean: Path, tmp_path: Path) -> None:
    """The second has the first one's score the wrong way round and a calibration half as steep."""
    against = foreign(tmp_path, "against", a=0.2, positive="real")
    models = {"forgery": [str(STAND_INS / "forgery.onnx"), str(against)]}
    config = write_config(tmp_path / "two", models=models)
    result = evaluate("--json", "-c", config, clean)
    assert result.exit_code == 0, result.output
    told = lines(result.stdout)
    check_contract("evaluate", told)
    first, second = told[-1]["by_model"]
    assert (first["model"], second["model"]) == ("forgery stand-in", "against 7")
    assert first["auc"] == pytest.approx(1 - second["auc"])
    assert told[-1]["auc"] == pytest.approx(first["auc"]), "the steeper calibration decides"
    assert first["cllr"] < told[-1]["cllr"] < second["cllr"]
    assert told[-1]["models"] == ["1+stand-in,7"]
    said = evaluate("-c", config, clean).stdout
    assert "all, by against 7" in " ".join(said.split())
    assert "By model" in (tmp_path / "evaluation" / "report.html").read_text("utf-8")
