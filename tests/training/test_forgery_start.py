"""A network that is read back out of a shipped file answers as the file does, and may be trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the training extra")
onnx = pytest.importorskip("onnx", reason="onnx belongs to the training extra")

from tests.training.lived_in import lived_in  # noqa: E402 - only after torch is known to be there
from training.export import export, halve  # noqa: E402
from training.forgery_model import ForgeryNet  # noqa: E402
from training.forgery_start import start_from  # noqa: E402
from training.mirror import mirror  # noqa: E402
from training.residual import IdentityNet, Trunk  # noqa: E402
from training.unfolded import settle  # noqa: E402

SHIPPED = Path("detectors/models/identity.onnx")


def _written(net: object, path: Path, output: str) -> Path:
    export(
        net,
        torch.randint(0, 256, (2, 3, 112, 112)).float(),
        path,
        ["crop"],
        [output],
        {"crop": {0: "batch"}, output: {0: "batch"}},
    )
    halve(path)
    return path


def _crops(count: int, seed: int) -> object:
    coarse = torch.rand(count, 3, 14, 14, generator=torch.Generator().manual_seed(seed)) * 255
    return torch.nn.functional.interpolate(coarse, size=112, mode="bilinear")


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, Path]:
    torch.manual_seed(0)
    net = lived_in(IdentityNet()).eval()
    return net, _written(net, tmp_path_factory.mktemp("start") / "identity.onnx", "embedding")


def test_the_trunk_of_an_onnx_file_sees_what_the_network_saw(identity: tuple[object, Path]) -> None:
    net, path = identity
    crops = _crops(4, 1)
    with torch.no_grad():
        wanted, got = net.trunk(crops), start_from(path).net.eval().trunk(crops)  # type: ignore[attr-defined]
    assert (wanted - got).abs().max() < 0.01 * wanted.abs().max()


def test_settled_norms_change_no_answer_and_make_training_meet_the_same_network(identity: tuple[object, Path]) -> None:
    start = start_from(identity[1]).net
    batches = [_crops(16, seed) for seed in range(4)]
    with torch.no_grad():
        wanted = start.eval().trunk(batches[0])
        apart = (start.train().trunk(batches[0]) - wanted).abs().mean()
        again = start_from(identity[1]).net
        settle(again, batches)
        assert (again.eval().trunk(batches[0]) - wanted).abs().max() < 1e-3 * wanted.abs().max()
        settled = (again.train().trunk(batches[0]) - wanted).abs().mean()
    assert settled < 0.25 * apart


def test_a_forgery_model_is_gone_on_with_head_and_all_mirrored_or_not(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = lived_in(ForgeryNet(Trunk())).eval()
    path = _written(net, tmp_path / "forgery.onnx", "logit")
    mirrored = tmp_path / "mirrored.onnx"
    mirrored.write_bytes(path.read_bytes())
    mirror(mirrored, "logit")
    torch.save({"average": net.state_dict()}, tmp_path / "forgery.ckpt")
    crops = _crops(4, 2)
    with torch.no_grad():
        wanted = net(crops)
        for file in (path, mirrored, tmp_path / "forgery.ckpt"):
            assert torch.allclose(start_from(file).net.eval()(crops), wanted, atol=0.01)


def test_the_shipped_identity_model_can_be_started_from() -> None:
    inner = "/trunk/layers/layers.9/Relu_output_0"
    model = onnx.load(str(SHIPPED))
    model.graph.output.append(onnx.helper.make_empty_tensor_value_info(inner))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    crops = _crops(2, 3)
    wanted = session.run([inner], {"crop": crops.numpy()})[0][:2]  # type: ignore[attr-defined]  # the rest are mirrored
    with torch.no_grad():
        got = start_from(SHIPPED).net.eval().trunk(crops).numpy()
    assert np.abs(got - wanted).max() < 1e-3 * np.abs(wanted).max()


def test_of_a_joined_file_the_first_network_is_gone_on_with() -> None:
    start = start_from(Path("detectors/models/forgery.onnx"))
    assert start.knows_fakes
    assert start.unsettled
    first = onnx.load("detectors/models/forgery.onnx")
    first.graph.output.append(onnx.helper.make_empty_tensor_value_info("part0/logit"))
    session = onnxruntime.InferenceSession(first.SerializeToString(), providers=["CPUExecutionProvider"])
    crops = _crops(4, 6)
    wanted = session.run(["part0/logit"], {"crop": crops.numpy()})[0][:4]  # type: ignore[attr-defined]  # the rest are mirrored
    with torch.no_grad():
        assert np.abs(start.net.eval()(crops).numpy() - wanted).max() < 0.01


def test_a_forgery_model_of_other_layers_is_gone_on_with_as_it_is(tmp_path: Path) -> None:
    torch.manual_seed(2)
    other = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2, 1),
        torch.nn.BatchNorm2d(8),
        torch.nn.ReLU(),
        torch.nn.Conv2d(8, 8, 3, 1, 1, groups=8),
    )

    class Other(torch.nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.layers, self.head = other, torch.nn.Linear(8, 1)

        def forward(self, crop: object) -> object:
            return self.head(self.layers((crop - 127.5) / 128).mean((2, 3)))[:, 0]  # type: ignore[operator]

    path = _written(lived_in(Other()).eval(), tmp_path / "forgery.onnx", "logit")
    start = start_from(path)
    assert start.knows_fakes
    crops = _crops(4, 5)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    wanted = session.run(None, {"crop": crops.numpy()})[0]  # type: ignore[attr-defined]
    with torch.no_grad():
        assert np.abs(start.net.eval()(crops).numpy() - wanted).max() < 1e-4
    loss = start.net.train()(crops).square().sum()
    loss.backward()
    assert all(weight.grad is not None for weight in start.net.parameters())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.onnx", "there is no such file"),
        ("other.onnx", "holds no network as it is trained now"),
        ("text.onnx", "is no ONNX file"),
        ("other.ckpt", "holds no identity model"),
    ],
)
def test_what_cannot_be_started_from_is_refused_with_a_sentence(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "text.onnx").write_text("not a model")
    (tmp_path / "other.onnx").write_bytes(Path("detectors/models/faces.onnx").read_bytes())
    torch.save({"average": {"some.weight": torch.ones(1)}}, tmp_path / "other.ckpt")
    with pytest.raises(SystemExit, match=why):
        start_from(tmp_path / name)
