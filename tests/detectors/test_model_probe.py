"""What a foreign model is found to be: how it is fed, what it gives, which way it runs, or why it cannot serve."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import ClipUnreadable, ModelError
from detectors.model_files import ModelSet, load_model
from detectors.model_probe import Probe, probe
from tests.detectors.media import write_video, written_square
from tests.detectors.onnx_bytes import Shape, brightness, model, node, with_external_weights


def put(folder: Path, data: bytes, name: str = "foreign") -> Path:
    path = folder / f"{name}.onnx"
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five clips a class in which a red square moves; those of the fakes are brighter."""
    folder = tmp_path_factory.mktemp("labelled")
    for part, shade in (("real", 40), ("fake", 170)):
        (folder / part).mkdir()
        for number in range(5):
            frames = [written_square(index, shade=shade + 4 * number) for index in range(12)]
            # the tight cut is mostly square, so the square itself is brightened as well
            frames = [np.clip(frame + (0 if part == "real" else 25), 0, 255).astype(np.uint8) for frame in frames]
            write_video(folder / part / f"{number}.mp4", frames, rate=12)
    return folder


def card_of(found: Probe, path: Path) -> dict[str, object]:
    """The lines that the probe proposes, as a card that lies beside the model."""
    path.with_suffix(".toml").write_text(found.card)
    return tomllib.loads(found.card)


@pytest.mark.parametrize(
    ("data", "layout", "kind", "values"),
    [
        (brightness(), "NCHW", "probability", "0 to 1"),
        (brightness(shape=("N", 48, 64, 3)), "NHWC", "probability", "0 to 1"),
        (brightness(end=""), "NCHW", "logit", "0 to 1"),
        (brightness(middle=127.5, steep=0.03), "NCHW", "probability", "0 to 255"),
        (brightness(shape=("N", 3, "H", "W"), end="Softmax"), "NCHW", "probability", "0 to 1"),
    ],
)
def test_how_it_is_fed_is_found_and_its_card_serves(
    tmp_path: Path, data: bytes, layout: str, kind: str, values: str
) -> None:
    path = put(tmp_path, data)
    found = probe(path, "forgery")
    card = card_of(found, path)
    table = card["input"], card["output"]
    assert isinstance(table[0], dict)
    assert isinstance(table[1], dict)
    assert (table[0]["layout"], table[1]["kind"]) == (layout, kind)
    assert f"values from {values} are likely" in found.facts
    assert "which way the score runs is not known: give labelled clips with --clips" in found.facts
    assert "a guess" in found.card
    load_model("forgery", path)
    assert probe(path).carded


@pytest.mark.parametrize(("steep", "positive"), [(8.0, "fake"), (-8.0, "real")])
def test_labelled_clips_show_which_way_it_runs(
    tmp_path: Path, labelled: Path, stand_ins: ModelSet, steep: float, positive: str
) -> None:
    path = put(tmp_path, brightness(steep=steep))
    found = probe(path, "forgery", None, labelled, stand_ins.faces)
    assert f'positive = "{positive}"\n' in found.card
    (told,) = [fact for fact in found.facts if "AUC" in fact]
    assert (
        told
        == f"AUC {1.0 if steep > 0 else 0.0:.2f} on 5 genuine and 5 made files; a high value (number 0) seems to mean "
        + (positive)
    )
    card_of(found, path)
    again = probe(path, "forgery", None, labelled, stand_ins.faces)
    assert any(fact.startswith("AUC 1.00 on 5 genuine and 5 made files") for fact in again.facts)


def test_a_card_that_has_it_backwards_is_refused(tmp_path: Path, labelled: Path, stand_ins: ModelSet) -> None:
    path = put(tmp_path, brightness(steep=-8.0))
    card_of(probe(path, "forgery"), path)
    with pytest.raises(ModelError, match=r"runs the wrong way on these clips \(AUC 0\.00\); turn output\.positive"):
        probe(path, "forgery", None, labelled, stand_ins.faces)


def test_a_score_at_chance_says_so(tmp_path: Path, labelled: Path, stand_ins: ModelSet) -> None:
    blind = model(
        [node("ReduceMax", ["input", "axes"], "top", keepdims=0), node("Reshape", ["top", "column"], "output")],
        [*_values()], ("input", ("N", 3, 64, 64)), [("output", ("N", 1))],
    )  # fmt: skip
    path = put(tmp_path, blind)
    swapped = tmp_path / "clips"
    (swapped / "real").mkdir(parents=True)
    (swapped / "fake").mkdir()
    for number in range(4):  # the same clips on both sides: nothing to tell apart
        for part in ("real", "fake"):
            (swapped / part / f"{number}.mp4").symlink_to(labelled / "real" / f"{number}.mp4")
    found = probe(path, "forgery", None, swapped, stand_ins.faces)
    assert "# a guess" in found.card
    assert any("AUC 0.50" in fact and fact.endswith("so it may run either way") for fact in found.facts)


def _values() -> list[bytes]:
    from tests.detectors.onnx_bytes import tensor

    return [tensor("axes", [1, 2, 3], np.int64), tensor("column", [-1, 1], np.int64)]


@pytest.mark.parametrize(
    ("shape", "copies", "message"),
    [
        (("N", 3, 64, 64), 12, "gives 12 values a picture, not one score or two classes as a forgery model must"),
        (("N", 1, 64, 64), 1, r"is no model of colour pictures: it takes input float \[N, 1, 64, 64\]"),
        ((1, 3, 4096, 4096), 1, "takes pictures of 4096 x 4096; 16 to 1024 pixels"),
    ],
)
def test_a_model_of_another_kind_is_refused(tmp_path: Path, shape: Shape, copies: int, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        probe(put(tmp_path, brightness(shape=shape, copies=copies)), "forgery")


def test_a_model_of_sound_is_refused(tmp_path: Path) -> None:
    sound = model([node("Identity", ["wave"], "score")], [], ("wave", (1, 64600)), [("score", (1, 64600))])
    with pytest.raises(ModelError, match=r"is not an image model: it takes wave float \[1, 64600\]"):
        probe(put(tmp_path, sound), "forgery")


def test_twelve_outputs_are_refused(tmp_path: Path) -> None:
    heads = [f"head_{number}" for number in range(12)]
    many = model(
        [node("Relu", ["input"], name) for name in heads], [], ("input", (1, 3, 32, 32)),
        [(name, (1, 3, 32, 32)) for name in heads],
    )  # fmt: skip
    with pytest.raises(ModelError, match=r"gives 12 outputs \(head_0, head_1, head_2 \.\.\.\), none of them one score"):
        probe(put(tmp_path, many), "forgery")
    with pytest.raises(ModelError, match=r"takes image and gives scores, .* or is a YuNet; this one .* 12 outputs"):
        probe(put(tmp_path, many), "faces")


def test_a_wrong_hash_and_a_missing_key_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, brightness())
    card_of(probe(path, "forgery"), path)
    card = path.with_suffix(".toml")
    right = card.read_text()
    card.write_text(right.replace('sha256 = "', 'sha256 = "00'))
    with pytest.raises(ModelError, match=r"foreign\.onnx: its SHA-256 is .*, its card foreign\.toml says 00"):
        probe(path)
    card.write_text("\n".join(line for line in right.splitlines() if not line.startswith("scale")))
    with pytest.raises(ModelError, match=r"foreign\.toml: \[input\] lacks scale"):
        probe(path)


def test_external_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="keeps its weights in other files"):
        probe(with_external_weights(tmp_path / "foreign.onnx"), "forgery")


def test_the_models_of_the_house_can_serve(stand_ins: ModelSet) -> None:
    assert stand_ins.faces is not None
    assert probe(stand_ins.faces).role == "faces"
    (forgery,) = stand_ins.forgery
    assert forgery is not None
    found = probe(forgery)
    assert (found.role, found.carded) == ("forgery", True)


@pytest.mark.parametrize("part", ["real", "fake"])
def test_a_folder_without_labels_is_named(tmp_path: Path, part: str) -> None:
    (tmp_path / ("fake" if part == "real" else "real")).mkdir()
    if part == "fake":
        (tmp_path / "real" / "one.mp4").write_bytes(b"x")
    with pytest.raises(ClipUnreadable, match=f"has no folder {part}"):
        probe(put(tmp_path, brightness()), "forgery", None, tmp_path)
