"""Splits are by group, the same on every machine, and near the share that was asked for."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from training.data import held_out, read_index
from training.forgery_split import kept_out

SHIPPED = {
    ("faceforensics", "ffpp:159-175"): False,
    ("faceforensics", "ffpp:648-654"): False,
    ("faceforensics", "ffpp:828-830"): True,
    ("faceforensics", "ffpp:210-241"): False,
    ("dfdc", "dfdc:nammwwydpn"): True,
    ("dfdc", "dfdc:hzhvexzokl"): False,
}
"""Sides in the shipped model's training: another answer would measure it on what it was trained on."""


def test_the_split_of_the_shipped_model_stays() -> None:
    assert {place: kept_out(*place) for place in SHIPPED} == SHIPPED


def test_the_share_is_kept_and_the_salt_counts() -> None:
    names = [f"person {number}" for number in range(4000)]
    for share in (0.0, 0.1, 0.5, 1.0):
        assert sum(held_out(name, share) for name in names) / len(names) == pytest.approx(share, abs=0.03)
    assert {held_out(name, 0.5, "one") for name in names[:50]} == {True, False}
    assert any(held_out(name, 0.5, "one") != held_out(name, 0.5, "other") for name in names)


def test_a_larger_share_keeps_out_all_that_a_smaller_one_does() -> None:
    names = [f"person {number}" for number in range(500)]
    assert {name for name in names if held_out(name, 0.1)} < {name for name in names if held_out(name, 0.3)}


def test_the_index_gives_each_picture_without_a_group_its_own(tmp_path: Path) -> None:
    text = "file,label,group,method,frame\na.webp,real,,,0\nb.webp,fake,pair,Deepfakes/clip_1,3\n"
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("index.csv", io.StringIO(text).getvalue())
    first, second = read_index(tmp_path / "set.zip")
    assert (first.group, first.fake, first.frame) == ("set:a.webp", False, 0)
    assert (second.group, second.fake, second.method, second.frame) == ("pair", True, "Deepfakes/clip_1", 3)


def test_every_collection_keeps_some_groups_out_and_not_all() -> None:
    for collection in ("dfdc", "faceforensics", "openforensics"):
        sides = {kept_out(collection, f"group {number}") for number in range(300)}
        assert sides == {True, False}
