"""What was exported can be gone on with: the network that is read back answers the same, and is ready to learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the training extra")
pytest.importorskip("onnx", reason="onnx belongs to the training extra")

from tests.training.lived_in import lived_in  # noqa: E402 - only after torch is known to be there
from training import faces, identity_batches  # noqa: E402 - only after torch is known to be there
from training.export import export, halve  # noqa: E402
from training.faces_model import LIGHT, Exported, FaceNet  # noqa: E402
from training.identity_faces import CANVAS, Faces  # noqa: E402
from training.identity_stages import Student  # noqa: E402
from training.identity_start import student_of  # noqa: E402
from training.inner_teacher import INNER  # noqa: E402
from training.mirror import mirror  # noqa: E402
from training.residual import VALUES, IdentityNet  # noqa: E402
from training.unfolded import SPREAD, take_up  # noqa: E402
from training.voice_model import VoiceNet  # noqa: E402


def _written(net: Any, example: Any, path: Path, names: tuple[list[str], list[str]]) -> Path:
    export(net, example, path, *names, {names[0][0]: {0: "batch"}} if len(names[1]) == 1 else {})
    halve(path)
    return path


def _pictures(count: int, side: int) -> Any:
    coarse = torch.rand(count, 3, side // 8, side // 8, generator=torch.Generator().manual_seed(count)) * 255
    return torch.nn.functional.interpolate(coarse, size=side, mode="bilinear")


def _faces(folder: Path) -> tuple[Any, Any, Any]:
    net, scenes = lived_in(FaceNet()), _pictures(4, 128)
    with torch.no_grad():
        wanted = torch.cat([one.flatten(1) for one in net(scenes / LIGHT)], 1)
    path = _written(
        Exported(net),
        torch.rand(1, 3, 128, 128) * 255,
        folder / "f.onnx",
        (["image"], ["scores", "boxes", "landmarks"]),
    )
    again = faces.net_of(path, repeat((scenes.byte(), None))).eval()
    with torch.no_grad():
        return again, wanted, torch.cat([one.flatten(1) for one in again(scenes / LIGHT)], 1)


def _voice(folder: Path) -> tuple[Any, Any, Any]:
    net, mels = lived_in(VoiceNet()), torch.randn(4, 160, 40) * 3 - 6
    with torch.no_grad():
        wanted = net(mels)
    path = _written(net, mels, folder / "v.onnx", (["log_mels"], ["embedding"]))
    again = VoiceNet()
    take_up(path, again, repeat(mels))
    again.eval()
    with torch.no_grad():
        return again, wanted, again(mels)


@pytest.mark.parametrize("made", [_faces, _voice])
def test_a_network_that_is_read_back_answers_as_before(tmp_path: Path, made: Callable[[Path], Any]) -> None:
    torch.manual_seed(0)
    _, wanted, got = made(tmp_path)
    assert (wanted - got).abs().max() < 0.01 * wanted.abs().max()


@pytest.mark.parametrize("made", [_faces, _voice])
def test_weights_before_norms_are_of_one_spread(tmp_path: Path, made: Callable[[Path], Any]) -> None:
    torch.manual_seed(0)
    again, _, _ = made(tmp_path)
    spreads = [
        one.weight.std().item() for one in again.modules() if isinstance(one, torch.nn.Conv2d) and one.bias is None
    ]
    assert spreads == pytest.approx([SPREAD] * len(spreads), rel=1e-3)


def test_norms_that_were_settled_pass_on_what_they_did(tmp_path: Path) -> None:
    torch.manual_seed(0)
    again, _, _ = _faces(tmp_path)
    scenes = _pictures(4, 128).byte().float() / LIGHT  # those that it was settled on
    with torch.no_grad():
        calm = torch.cat([one.flatten(1) for one in again.eval()(scenes)], 1)
        busy = torch.cat([one.flatten(1) for one in again.train()(scenes)], 1)
    assert (calm - busy).abs().max() < 0.02 * calm.abs().max()


def _identity(folder: Path) -> tuple[Any, Path]:
    torch.manual_seed(0)
    net = lived_in(IdentityNet())
    path = _written(net, _pictures(2, 112), folder / "i.onnx", (["crop"], ["embedding"]))
    mirror(path, "embedding", VALUES)
    return net, path


def test_an_identity_model_gets_back_its_views_of_the_inner_maps(tmp_path: Path) -> None:
    net, path = _identity(tmp_path)
    told = Student().eval()
    told.net = net  # its own views stand for the teacher: there is a linear one, and it is to be found

    def batches() -> Iterator[Any]:
        for seed in range(100):
            crops = _pictures(4 + seed % 3, 112).byte()
            with torch.no_grad():
                embedding, maps = told(crops.float())
            yield crops, embedding, tuple(maps)

    student = student_of(path, batches()).eval()
    crops, embedding, maps = next(batches())
    with torch.no_grad():
        got, seen = student(crops.float())
    assert (got * embedding).sum(1).min() > 0.999
    for wanted, mine in zip(maps, seen, strict=True):
        assert (wanted - mine).pow(2).mean() < 0.01 * wanted.var()


def test_a_file_that_is_missing_or_of_another_model_is_refused(tmp_path: Path) -> None:
    _, path = _identity(tmp_path)
    with pytest.raises(SystemExit, match=r"gone\.onnx: there is no such file to start from"):
        student_of(tmp_path / "gone.onnx", iter(()))
    with pytest.raises(SystemExit, match=r"i\.onnx: holds no network as it is trained now \(it has another trunk"):
        take_up(path, VoiceNet(), iter(()))
    with pytest.raises(SystemExit, match=r"as it is trained now \(it has another trunk"):
        faces.net_of(path, iter(()))


class _Mean:
    """A teacher that answers with the mean colour of a face."""

    def __init__(self, teachers: Path) -> None:
        del teachers

    def __call__(self, crops: Any) -> tuple[Any, list[Any]]:
        values = np.repeat(crops.mean((1, 2, 3))[:, None], 128, 1).astype(np.float32)
        maps = [np.zeros((len(crops), *shape, shape[1]), np.float32) for shape in INNER.values()]
        return values, maps


def test_fresh_questions_never_come_twice_and_begin_elsewhere_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_batches, "InnerEmbedder", _Mean)
    random = np.random.default_rng(0)
    stock = Faces(
        random.integers(0, 256, (6, CANVAS, CANVAS, 3), dtype=np.uint8),
        np.array(["lfw", "lfw", "utkface", "crops", "crops", "crops"]),
        np.zeros((6, 128), np.float32),
    )

    def seen(start: int) -> list[bytes]:
        stream = iter(identity_batches.Fresh(stock, Path("teachers"), 8, seed=5, start=start))
        return [one.numpy().tobytes() for _ in range(3) for one in next(stream)[0]]

    first = seen(0)
    assert len(set(first)) == len(first) == 24
    assert seen(0) == first
    assert not set(seen(90)) & set(first)
