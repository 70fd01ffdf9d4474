"""Movement is told without the place, size and shape of a face; clips are judged by networks that saw none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the training extra")

from training import motion  # noqa: E402 - only after torch is known to be there
from training.left_out_table import IN_FACEFORENSICS  # noqa: E402
from training.motion import BLOCK, FOLDS, blocks_of, features, fold_of, judged  # noqa: E402
from training.motion_points import BOTH, MADE_SWAP, Motion, _read, _write  # noqa: E402


def _clip(seed: int, tremble: float, frames: int = 96) -> np.ndarray:
    """A face of its own shape that turns and comes nearer, and whose points tremble."""
    random = np.random.default_rng(seed)
    shape = random.normal(0, 0.2, (98, 2))
    turn, size = random.normal(0, 0.2) * np.linspace(0, 1, frames), 1 + 0.3 * np.linspace(0, 1, frames)
    matrices = np.stack([np.stack([np.cos(turn), -np.sin(turn)], 1), np.stack([np.sin(turn), np.cos(turn)], 1)], 1)
    moved = np.einsum("pc,fcd->fpd", shape, matrices) * size[:, None, None] + np.linspace(0, 1, frames)[:, None, None]
    return np.asarray(moved + random.normal(0, tremble, (frames, 98, 2)), np.float32)


def _motion(number: int, fake: bool, method: str, tremble: float) -> Motion:
    return Motion(_clip(number, tremble), fake, method, f"ffpp:{number}", f"{number}.mp4")


def test_shifts_turns_and_size_leave_no_trace() -> None:
    still = features(_clip(0, 0.0)[:BLOCK])
    trembling = features(_clip(0, 0.01)[:BLOCK])
    assert still.shape == (4 * 98, BLOCK)
    assert np.abs(still).max() < 1e-3 < np.abs(trembling).mean()


def test_a_clip_shorter_than_a_block_has_none() -> None:
    assert len(blocks_of(Motion(_clip(0, 0.0, BLOCK - 1), False, "", "g", "a"))) == 0
    assert len(blocks_of(Motion(_clip(0, 0.0, 2 * BLOCK), False, "", "g", "a"))) == 3


def test_a_method_that_trembles_as_the_known_ones_do_is_told_from_genuine_clips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(motion, "STEPS", 40)
    told = [_motion(number, False, "", 0.001) for number in range(12)]
    told += [_motion(100 + number, True, "FaceSwap", 0.01) for number in range(8)]
    told += [_motion(200 + number, True, "Deepfakes", 0.01) for number in range(4)]
    scores = judged(told, "Deepfakes", 0)
    assert set(scores) == {one.name for one in told if not one.fake or one.method == "Deepfakes"}
    fakes = [scores[one.name] for one in told if one.method == "Deepfakes"]
    assert min(fakes) > max(scores[one.name] for one in told if not one.fake)


def test_nobody_in_a_made_clip_is_judged_by_a_network_that_learned_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[list[int]] = []
    told = [_motion(number, False, "", 0.001) for number in range(10)]
    pair = next(number for number in range(1, 10) if fold_of(f"ffpp:{number}") != fold_of("ffpp:0"))
    told.append(Motion(_clip(50, 0.01), True, MADE_SWAP, f"ffpp:0{BOTH}ffpp:{pair}", "made"))
    told += [_motion(300 + number, True, "FaceSwap", 0.01) for number in range(6)]
    fitted = motion.fitted

    def note(blocks: list[np.ndarray], fake: list[bool], seed: int) -> object:
        learned.append([len(blocks), sum(fake)])
        return fitted(blocks, fake, seed)

    monkeypatch.setattr(motion, "STEPS", 1)
    monkeypatch.setattr(motion, "fitted", note)
    judged(told, "Deepfakes", 0)
    fakes = [one for one in told if one.method == "FaceSwap"]
    for fold, (_, count) in enumerate(learned):
        others = sum(fold_of(one.group) != fold for one in fakes)
        assert count - others == (fold not in {fold_of("ffpp:0"), fold_of(f"ffpp:{pair}")})
    assert len(learned) == FOLDS


def test_pooled_scores_put_no_network_before_another(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [_motion(number, False, "", 0.001) for number in range(6)]
    told += [_motion(10 + number, True, method, 0.01) for number, method in enumerate(IN_FACEFORENSICS)]

    def judged(told: list[Motion], left_out: str, seed: int, *, made: bool) -> dict[str, float]:
        loud = 1000.0 if left_out == "FaceSwap" else 1.0  # this network's scores lie elsewhere and farther apart
        genuine = {one.name: loud * (number + 1) for number, one in enumerate(told) if not one.fake}
        return genuine | {one.name: loud * 5.5 for one in told if one.method == left_out}

    monkeypatch.setattr(motion, "judged", judged)
    table = motion.lines(told, 0)
    assert table["pooled"]["all_genuine"]["synthetic"] == len(IN_FACEFORENSICS)
    assert (
        table["pooled"]["all_genuine"]["auc"]
        == table["FaceSwap"]["all_genuine"]["auc"]
        == pytest.approx(5 / 6, abs=1e-4)
    )


def test_what_was_followed_is_kept(tmp_path: Path) -> None:
    told = [_motion(1, False, "", 0.001), Motion(_clip(2, 0.01, 40), True, MADE_SWAP, "a&b", "b.mp4:swap")]
    _write(tmp_path / "motion.npz", told)
    back = _read(tmp_path / "motion.npz")
    assert [(one.fake, one.method, one.group, one.name) for one in back] == [
        (one.fake, one.method, one.group, one.name) for one in told
    ]
    assert all(np.array_equal(one.points, other.points) for one, other in zip(told, back, strict=True))
