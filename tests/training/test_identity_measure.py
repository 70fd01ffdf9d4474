"""The identity model's card: what is measured, fitted and judged on people made here, with stand-in models."""

from __future__ import annotations

import shutil
import tomllib
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detectors.calibration import Platt
from detectors.model_files import load_model
from tests.conftest import STAND_INS
from tests.training.portraits import names, portrait, webp, write_lfw
from training import identity_measure
from training.identity_calibration import Compared, calibrated, compared, judged
from training.identity_figures import Embed
from training.identity_looks import OwnFinder
from training.identity_split import half_of, kept_out
from training.settings import Settings
from training.verification import Looks

PEOPLE = 26


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The card of the stand-in, measured on 26 people; our finder and embedding stand in for the teachers, too."""
    root = tmp_path_factory.mktemp("measured")
    people = list(islice(names("lfw", kept=True), PEOPLE))
    write_lfw(root / "data", {name: [number, number] for number, name in enumerate(people)})
    _write_utkface(root / "data")
    out = root / "out"
    out.mkdir()
    for file in ("faces.onnx", "faces.toml", "identity.onnx"):
        shutil.copy(STAND_INS / file, out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity_measure, "TeacherFinder", lambda _: OwnFinder(_finder()))
        patch.setattr(identity_measure, "Embedder", lambda _: _blind())
        patch.setattr(identity_measure, "CONDITIONS", ("clean", "small"))
        identity_measure.measure_and_write(_settings(root), out / "identity.onnx", 4321, {})
    load_model("identity", out / "identity.onnx")
    return tomllib.loads((out / "identity.toml").read_text())


def _settings(root: Path) -> Settings:
    return Settings(
        data=root / "data",
        teachers=root,
        out=root / "out",
        work=root,
        minutes=7,
        seed=3,
        threads=1,
        loaders=0,
        resume=False,
    )


def _finder() -> Any:
    from detectors.faces import FaceFinder

    return FaceFinder(*load_model("faces", STAND_INS / "faces.onnx"))


def _blind() -> Embed:
    """A teacher that answers by chance."""
    random = np.random.default_rng(0)

    def embed(crops: Any) -> Any:
        vectors = random.normal(size=(len(crops), 64))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    return embed


def _write_utkface(data: Path) -> None:
    """Twelve men of 30, of whom three share a face; and two women of 70. Pictures of the training set share it, too."""
    files: dict[str, int] = {}

    def named(start: str, count: int, *, kept: bool) -> list[str]:
        every = (f"{start}_{number}.webp" for number in range(10_000))
        return list(islice((name for name in every if kept_out(f"utkface:{name}") is kept), count))

    for number, name in enumerate(named("30_0_1", 12, kept=True)):
        files[name] = 600 if number < 3 else 600 + number
    for number, name in enumerate(named("70_1_0", 2, kept=True)):
        files[name] = 700 + number
    for name in named("30_0_1", 5, kept=False):
        files[name] = 600
    with zipfile.ZipFile(data / "faces" / "utkface.zip", "w") as archive:
        for name, pattern in files.items():
            archive.writestr(name, webp(portrait(pattern)[30:124, 34:128]))


def test_the_card_says_what_was_measured(card: dict[str, Any]) -> None:
    clean = card["quality"]["clean"]
    assert (clean["people"], clean["pairs"], clean["pictures_without_face"]) == (PEOPLE, PEOPLE, 0)
    assert clean["impostor_pairs"] == 2 * PEOPLE * (2 * PEOPLE - 1) // 2 - PEOPLE
    assert clean["ours"]["fnmr"] == 0, "the same pattern is always known again"
    assert clean["teacher"]["fnmr"] > 0.8, "chance knows nobody"
    assert clean["above_teacher"] == pytest.approx(clean["ours"]["fnmr"] - clean["teacher"]["fnmr"], abs=1e-4)
    small = card["quality"]["small"]
    assert (small["pairs"], small["impostor_pairs"]) == (2 * PEOPLE, 2 * clean["impostor_pairs"])
    assert set(card["quality"]["both_degraded"]) == {"small_both"}
    assert set(card["quality"]["precise_points"]) == {"clean", "small", "small_both"}
    assert card["quality"]["ms_a_face_one_thread"] > 0
    assert (card["name"], card["version"]) == ("identity", "5.3")
    assert card["training"]["faces_seen"] == 4321
    assert "research" in card["training"]["terms"]
    assert card["limits"]["known_failures"]


def test_the_calibration_is_of_one_half_and_judged_on_the_other(card: dict[str, Any]) -> None:
    people = list(islice(names("lfw", kept=True), PEOPLE))
    fitted = sum(half_of(name) == 1 for name in people)
    table = card["calibration"]
    assert (table["people"], card["quality"]["calibration_on_others"]["people"]) == (fitted, PEOPLE - fitted)
    assert table["genuine"] == fitted * 3, "one clean pair of each, and two with a small look"
    assert table["samples"] == table["genuine"] + table["impostor"]
    assert table["max_abs_log10_lr"] == pytest.approx(np.log10(fitted / 3), abs=1e-6)
    assert table["a"] > 0
    other = card["quality"]["calibration_on_others"]["all"]
    assert other["genuine"] == (PEOPLE - fitted) * 3
    assert other["cllr"] < 0.5
    assert other["impostors_misled"] < 0.05


def test_false_matches_are_told_by_group(card: dict[str, Any]) -> None:
    told = card["quality"]["false_matches"]
    assert told["pictures_without_face"] == 0
    assert told["all"]["pictures"] == 14
    men = told["age_20_to_39"]
    assert (men["pictures"], men["pairs"], men["false"]) == (12, 66, 3), "three share a face: three pairs"
    assert told["male"] == men == told["Black"]
    assert (told["female"]["pictures"], told["female"]["pairs"], told["female"]["false"]) == (2, 1, 0)
    assert "Asian" not in told


def looks(cosine: float, people: int, picture: int) -> Looks:
    """Vectors in the plane, one a person, turned so far from the person's own direction."""
    angle = np.arange(people) * 2 * np.pi / people + np.arccos(cosine)
    vectors = np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
    return Looks(vectors, np.arange(people), np.arange(people) * 10 + picture)


def test_each_condition_and_each_person_has_the_same_say() -> None:
    one = looks(1.0, 4, 0)
    both = Looks(
        np.concatenate([one.embeddings, one.embeddings[:1], one.embeddings[:1]]),
        np.concatenate([one.person, [0, 0]]), np.concatenate([one.picture, [1, 2]]),
    )  # fmt: skip
    worse = looks(0.9, 4, 5)
    found = compared({"clean": both, "small": worse}, np.ones(100, np.bool_))
    for name in ("clean", "small"):
        here = found.condition == name
        assert found.weight[here & found.same].sum() == pytest.approx(1)
        assert found.weight[here & ~found.same].sum() == pytest.approx(1)
    clean = found.same & (found.condition == "clean")
    assert found.weight[clean] == pytest.approx([1 / 3] * 3), "three pairs of the only person who has any"
    small = found.same & (found.condition == "small")
    assert sorted(found.weight[small]) == pytest.approx([1 / 12] * 3 + [1 / 4] * 3)
    assert found.cosine[small] == pytest.approx(0.9, abs=1e-6)


def test_only_wanted_pictures_are_compared() -> None:
    wanted = np.zeros(100, np.bool_)
    wanted[[0, 10, 5, 15]] = True
    found = compared({"clean": looks(1.0, 4, 0), "small": looks(0.9, 4, 5)}, wanted)
    assert (int(found.same.sum()), len(found.same)) == (2, 5)


def pairs(mean: float, count: int, seed: int) -> Compared:
    """Cosines of which genuine ones are normal around `mean`, impostors around 0, both with deviation .1."""
    random = np.random.default_rng(seed)
    cosine = np.concatenate([random.normal(mean, 0.1, count), random.normal(0, 0.1, count)])
    same = np.arange(2 * count) < count
    return Compared(cosine, same, np.full(2 * count, "clean"), np.full(2 * count, 1 / count))


def test_the_fit_finds_the_likelihood_ratio_of_two_normal_classes() -> None:
    """For means m and 0 and deviation s the log likelihood ratio is m x / s^2 - m^2 / (2 s^2)."""
    platt = calibrated(pairs(0.4, 40_000, 1), 300)
    assert platt.a == pytest.approx(0.4 / 0.01 / np.log(10), rel=0.05)
    assert platt.b == pytest.approx(-0.08 / 0.01 / np.log(10), rel=0.05)
    assert platt.max_abs_log10_lr == pytest.approx(2.0)
    told = judged(platt, pairs(0.4, 20_000, 2))
    assert told["all"] == told["clean"]
    assert told["all"]["ece"] < 0.02
    assert told["all"]["genuine_misled"] < 0.02


def test_a_handful_of_people_supports_nothing() -> None:
    assert calibrated(pairs(0.4, 100, 1), 2).max_abs_log10_lr == 0.0


def test_a_wrong_calibration_is_seen() -> None:
    told = judged(Platt(-20.0, 4.0, 2.0), pairs(0.4, 500, 1))
    assert told["all"]["genuine_misled"] > 0.9
    assert told["all"]["impostors_misled"] > 0.9
    assert told["all"]["cllr"] > 2
