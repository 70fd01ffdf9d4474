"""A model of another maker serves as its card describes it; a card that cannot be right is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from benchmarks.runner import default_data
from detectors.contract import Status
from detectors.errors import ModelError
from detectors.examine import examine
from detectors.geometry import forgery_region, region_square
from detectors.model_files import ModelSet, load_model
from detectors.model_input import Described, ImageInput, ScoreOutput, adapter_of
from tests.detectors.onnx_bytes import brightness

PEERS = default_data().parent / "models" / "peers"
CARD = """
[input]
layout = "NCHW"
size = [64, 64]
colours = "RGB"
scale = 255.0

[output]
name = "output"
kind = "probability"
positive = "fake"
"""


def put(folder: Path, data: bytes, card: str = CARD) -> Path:
    """A model with its card."""
    path = folder / "foreign.onnx"
    path.write_bytes(data)
    head = f'name = "foreign"\nversion = "1"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'
    path.with_suffix(".toml").write_text(head + card)
    return path


def score(clip: Path, models: ModelSet) -> float:
    """What the forgery detector says of a clip."""
    (finding,) = [one for one in examine(clip, models=models).findings if one.detector == "forgery"]
    assert finding.status is Status.OK, finding.statement
    assert finding.score is not None
    return finding.score


@pytest.mark.parametrize(
    ("data", "changes", "sign"),
    [
        (brightness(), {}, 1),
        (brightness(), {'"fake"': '"real"'}, -1),
        (brightness(end=""), {"probability": "logit"}, 1),
        (brightness(middle=127.5, steep=8 / 255), {"255.0": "1.0"}, 1),
        (brightness(shape=("N", 64, 64, 3)), {"NCHW": "NHWC"}, 1),
        (brightness(shape=(1, 3, 64, 64)), {}, 1),
        (brightness(end="Softmax", steep=4.0), {'"fake"': '"fake"\nindex = 1'}, 1),
        (brightness(end="Softmax", steep=4.0), {'"fake"': '"real"\nindex = 0'}, 1),
    ],
    ids=["plain", "real", "logit", "0-255", "NHWC", "one at a time", "second class", "first class"],
)
def test_the_same_answer_however_a_model_is_fed(
    tmp_path: Path, square_clip: Path, stand_ins: ModelSet, data: bytes, changes: dict[str, str], sign: int
) -> None:
    card = CARD
    for old, new in changes.items():
        assert old in card
        card = card.replace(old, new)
    path = put(tmp_path, data, card)
    # the square is (230, 20, 20): mean 90 of 255
    wanted = sign * 8 * (90 / 255 - 0.5)
    assert score(square_clip, ModelSet(faces=stand_ins.faces, forgery=(path,))) == pytest.approx(wanted, abs=0.15)


def test_colours_mean_and_spread_reach_the_model() -> None:
    picture = np.zeros((1, 2, 2, 3), np.uint8)
    picture[..., 0] = 255
    taken = ImageInput("NHWC", (2, 2), colours="BGR", mean=(0.1, 0.2, 0.3), std=(1.0, 2.0, 0.5))
    assert taken.batch(picture)[0, 0, 0] == pytest.approx([-0.1, -0.1, 1.4])
    assert ImageInput("NCHW", (2, 2)).batch(picture).shape == (1, 3, 2, 2)


def test_a_wider_crop_is_a_square_around_the_face() -> None:
    assert ImageInput("NCHW", (64, 64), crop=2.0).region((10, 20, 30, 40)) == (-15, 0, 80, 80)
    assert ImageInput("NCHW", (64, 64)).region((10, 20, 30, 40)) == forgery_region((10, 20, 30, 40))


@pytest.mark.parametrize("size", [(40, 80), (300, 100)])
def test_a_region_is_stretched_to_the_size(size: tuple[int, int]) -> None:
    rgb = np.zeros((200, 200, 3), np.uint8)
    rgb[:, 100:] = 200
    square = region_square(rgb, (50, 50, 100, 100), size)
    assert square.shape == (*size, 3)
    assert square[:, : size[1] // 2 - 3].max() < 10
    assert square[:, size[1] // 2 + 3 :].min() > 190


def test_a_certain_model_cannot_carry_a_clip() -> None:
    output = ScoreOutput("output", "logit", 0, "fake")
    assert output.logits(np.array([[4000.0], [-4000.0]])).tolist() == [30.0, -30.0]
    with pytest.raises(ValueError, match="not a number"):
        output.logits(np.array([[np.nan]]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("size = [64, 64]\n", "", r"\[input\] lacks size"),
        ("scale = 255.0\n", "", r"\[input\] lacks scale \(`doppelwatch models check` prints"),
        ('layout = "NCHW"\n', "", r"\[input\] lacks layout"),
        ('positive = "fake"\n', "", r"\[output\] lacks positive"),
        ('"NCHW"', '"CHWN"', r'input\.layout must be "NCHW" or "NHWC"'),
        ('"NCHW"', '"NHWC"', r"describes \[1, 64, 64, 3\] \(NHWC\), and the model takes input float \[N, 3, 64, 64\]"),
        ("[64, 64]", "[32, 32]", r"describes \[1, 3, 32, 32\]"),
        ("[64, 64]", "[64]", r"input\.size must be height and width"),
        ("[64, 64]", "[64, 9000]", r"input\.size must be .* 16 to 1024"),
        ("255.0", "0", r"input\.scale must be a number above 0"),
        ("255.0", "255.0\nstd = [1.0, 0.0, 1.0]", r"input\.std must be three numbers above 0"),
        ("255.0", "255.0\nmean = [0.5]", r"input\.mean must be three numbers"),
        ("255.0", '255.0\ncrop = "wide"', r'input\.crop must be "tight" or a number'),
        ('"RGB"', '"GRB"', r"input\.colours must be"),
        ('"output"', '"logits"', r'output\.name must be "output"'),
        ('"probability"', '"logits"', r'gives 1 values a picture, which does not fit kind = "logits"'),
        ('"fake"', '"fake"\nindex = 1', r"output\.index is 1, and output gives \[1, 1\]"),
        ('"fake"', '"fake"\nindex = -1', r"output\.index must be a number from 0"),
        ('"fake"', '"forged"', r'output\.positive must be "fake" or "real"'),
    ],
)
def test_a_card_that_cannot_be_right_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CARD
    with pytest.raises(ModelError, match=message) as caught:
        load_model("forgery", put(tmp_path, brightness(), CARD.replace(old, new)))
    assert "foreign.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_logit_that_is_called_a_probability_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'kind is "probability", and the model gives 32.*; write "logit"'):
        load_model("forgery", put(tmp_path, brightness(end="", steep=64.0, middle=0.0)))


def test_twelve_values_are_no_score(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gives 12 values a picture"):
        load_model("forgery", put(tmp_path, brightness(copies=12)))


def test_a_published_model_serves_by_its_card(tmp_path: Path, square_clip: Path, stand_ins: ModelSet) -> None:
    """MesoInception (Apache-2.0): 256 RGB / 255, the probability that a face is real."""
    source = PEERS / "MesoInception_F2F.onnx"
    if not source.is_file():
        pytest.skip("the published models for comparison are not on this machine")
    path = put(tmp_path, source.read_bytes(), CARD.replace("64, 64", "256, 256").replace('"fake"', '"real"'))
    session, card = load_model("forgery", path)
    adapter = adapter_of("card", card.raw, session)
    assert isinstance(adapter, Described)
    picture = np.random.default_rng(0).integers(0, 256, (2, 256, 256, 3)).astype(np.uint8)
    by_hand = session.run(["output"], {"input": picture.transpose(0, 3, 1, 2).astype(np.float32) / 255})[0][:, 0]
    real = np.clip(by_hand.astype(np.float64), 1e-6, 1 - 1e-6)
    assert adapter.scores(session, picture) == pytest.approx(np.log((1 - real) / real), rel=1e-3)
    assert np.isfinite(score(square_clip, ModelSet(faces=stand_ins.faces, forgery=(path,))))
