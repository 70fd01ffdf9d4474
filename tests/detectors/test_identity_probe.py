"""What a foreign face embedding is found to be, and why others cannot serve."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detectors.errors import ModelError
from detectors.face_embedding import FaceEmbedder
from detectors.model_files import ModelSet
from detectors.model_probe import probe
from tests.detectors.onnx_bytes import Shape, brightness, likeness, model, node, tensor


def put(folder: Path, data: bytes) -> Path:
    path = folder / "foreign.onnx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("role", ["identity", None])
def test_the_card_that_is_proposed_serves(tmp_path: Path, role: str | None) -> None:
    path = put(tmp_path, likeness())
    found = probe(path, role)
    assert (found.role, found.carded) == ("identity", False)
    assert "fc1 gives 128 values a face" in found.facts
    assert any(fact.startswith("values from 0 to 255 are likely") for fact in found.facts)
    assert sum("of the pairs" in fact for fact in found.facts) == 4, "each range is shown"
    path.with_suffix(".toml").write_text(found.card)
    crops = np.random.default_rng(0).integers(0, 256, (2, 112, 112, 3)).astype(np.uint8)
    assert FaceEmbedder(path)(crops).shape == (2, 128)
    again = probe(path)
    assert (again.role, again.carded, again.card) == ("identity", True, "")


def test_the_model_of_the_house_can_serve(stand_ins: ModelSet) -> None:
    assert stand_ins.identity is not None
    found = probe(stand_ins.identity)
    assert (found.role, found.carded) == ("identity", True)
    assert found.facts[0] == "made for this program: crop in, embedding out"


def test_a_model_that_does_not_look_is_refused(tmp_path: Path) -> None:
    """As one of landmarks, whose points lie nearly the same in every aligned face."""
    with pytest.raises(
        ModelError, match=r"fc1 gives 128 values that do not tell pictures apart .* no model of identity"
    ):
        probe(put(tmp_path, likeness(blind=True)), "identity")


def test_a_card_with_the_wrong_range_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, likeness())
    card = probe(path, "identity").card
    assert "scale = 1.0\n" in card
    path.with_suffix(".toml").write_text(card.replace("scale = 1.0\n", "scale = 200.0\n"))
    with pytest.raises(ModelError, match=r"do not tell pictures apart .* or its \[input\] is wrong"):
        probe(path)


@pytest.mark.parametrize(
    ("shape", "copies", "message"),
    [
        (("N", 3, 256, 256), 1, "takes pictures of 256 x 256; an identity model takes aligned faces of 112 x 112"),
        (("N", 1, 112, 112), 1, "is no model of colour pictures"),
        (("N", 3, 112, 112), 1, "output gives 1 value a face; an embedding has 32 to 4096"),
        (("N", 3, "H", "W"), 12, "output gives 12 values a face; an embedding has 32 to 4096"),
    ],
)
def test_a_model_of_another_kind_is_refused(tmp_path: Path, shape: Shape, copies: int, message: str) -> None:
    with pytest.raises(ModelError, match=message) as refused:
        probe(put(tmp_path, brightness(shape=shape, copies=copies)), "identity")
    assert len(str(refused.value).splitlines()) == 1


def test_a_map_of_features_is_refused(tmp_path: Path) -> None:
    pooled = model(
        [node("Reshape", ["input", "blocks"], "parts"), node("ReduceMean", ["parts", "within"], "map", keepdims=0)],
        [tensor("blocks", [-1, 3, 14, 8, 14, 8], np.int64), tensor("within", [3, 5], np.int64)],
        ("input", ("N", 3, 112, 112)), [("map", ("N", 3, 14, 14))],
    )  # fmt: skip
    with pytest.raises(ModelError, match=r"map gives \[2, 3, 14, 14\] for two faces, not one vector a face"):
        probe(put(tmp_path, pooled), "identity")


def test_a_model_of_sound_and_a_yunet_are_refused(tmp_path: Path, stand_ins: ModelSet) -> None:
    sound = model([node("Identity", ["wave"], "score")], [], ("wave", (1, 64600)), [("score", (1, 64600))])
    with pytest.raises(ModelError, match="is not an image model"):
        probe(put(tmp_path, sound), "identity")
    from detectors.yunet import OUTPUTS

    heads = model(
        [node("Identity", ["input"], name) for name in OUTPUTS], [], ("input", (1, 3, 320, 320)),
        [(name, (1, 3, 320, 320)) for name in OUTPUTS],
    )  # fmt: skip
    with pytest.raises(ModelError, match=r"is a YuNet, .* its role is faces"):
        probe(put(tmp_path, heads), "identity")
