"""Who the identity model is never trained on."""

from __future__ import annotations

import pytest

from training.forgery_split import clip_kept_out
from training.forgery_split import kept_out as forgery_kept_out
from training.identity_split import half_of, kept_out

SHIPPED = {
    "lfw:Person_A": False,
    "lfw:Person_B": True,
    "lfw:Person_C": False,
    "lfw:Person_D": False,
    "lfw:Person_E": False,
    "lfw:Person_F": True,
    "lfw:Person_G": True,
    "lfw:Person_H": False,
    "utkface:36_0_3_20170119201742501.jpg.chip.webp": False,
    "utkface:39_0_3_20170119203939176.jpg.chip.webp": True,
}


def test_the_same_people_are_kept_out_on_every_machine() -> None:
    # a change of the rule would put people into training whom the shipped model was measured on
    assert {name: kept_out(name) for name in SHIPPED} == SHIPPED


@pytest.mark.parametrize("source", ["lfw", "utkface"])
def test_three_in_ten_are_kept_out(source: str) -> None:
    kept = sum(kept_out(f"{source}:name-{number}") for number in range(4000))
    assert kept / 4000 == pytest.approx(0.3, abs=0.03)


def test_what_the_forgery_model_never_sees_is_not_seen_here_either() -> None:
    groups = [f"{number}" for number in range(200)]
    assert [kept_out(f"dfdc:{one}") for one in groups] == [forgery_kept_out("dfdc", one) for one in groups]
    for group in ("ffpp:648-654", "ffpp:159-175", "LivePortrait_d3.mp4"):
        assert kept_out(f"clips:{group}") is clip_kept_out(group)


@pytest.mark.parametrize("name", ["Aaron_Peirsol", "lfw:", "lfw:A/A_0001.webp", "celeba:1.jpg"])
def test_a_name_without_a_rule_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        kept_out(name)


def test_halves_are_of_like_size_and_do_not_follow_the_split() -> None:
    kept = [one for one in (f"person-{number}" for number in range(4000)) if kept_out(f"lfw:{one}")]
    assert sum(half_of(one) for one in kept) / len(kept) == pytest.approx(0.5, abs=0.05)
