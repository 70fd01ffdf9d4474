"""The lessons of the identity model: parts that learned alone answer the same once they are joined."""

from __future__ import annotations

import copy

import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the training extra")


def test_parts_that_are_joined_answer_as_they_did_on_the_view() -> None:
    from training.identity_stages import Student, _join, _part
    from training.residual import BLOCKS

    torch.manual_seed(0)
    student = Student().eval()
    for module in student.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
    alone = _part("late", copy.deepcopy(student)).eval()
    features = torch.rand(2, 64, 28, 28)
    first = 3 + BLOCKS[0] + BLOCKS[1]
    with torch.no_grad():
        wanted = alone(student.views[0](features))
        apart = (wanted - student.views[1](student.net.trunk.layers[first : first + BLOCKS[2]](features))).abs().mean()
        _join(student.net.trunk.layers[first], student.views[0])
        joined = student.views[1](student.net.trunk.layers[first : first + BLOCKS[2]](features))
    off = (wanted - joined).abs()
    assert off.mean() < 0.01 * apart, "joining is what makes them agree"
    # the view's constant is not zero outside of the picture, so the border may differ a little
    assert off[:, :, 4:-4, 4:-4].max() < 0.01 * wanted.abs().mean()


def test_the_parts_are_the_whole_network_and_no_layer_is_in_two() -> None:
    from training.identity_stages import LESSONS, Student, _part

    student = Student()
    parts = [{id(weight) for weight in _part(name, student).parameters()} for name in LESSONS]
    assert sum(len(part) for part in parts) == len(set().union(*parts))
    assert set().union(*parts) == {id(weight) for weight in student.parameters()}
