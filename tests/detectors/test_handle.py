"""By which rule a handle resembles a protected name, and when it does not."""

from __future__ import annotations

import pytest

from detectors.contract import Finding, OfficialAccount, Person, ProfileText, Reason, Specimen, Status
from detectors.handle import BOUND, Handle

VANTOR = Person("Aurelio Vantor", ("A. Vantor",), (OfficialAccount("tiktok", "aureliovantor"),))


def finding(
    handle: str | None, name: str | None = None, *, person: Person | None = VANTOR, platform: str = "tiktok"
) -> Finding:
    profile = ProfileText(platform, handle, name)
    return Handle().examine(Specimen(profile=profile, person=person))


@pytest.mark.parametrize(
    ("handle", "rule"),
    [
        ("AurelioVantor_", "separators"),
        ("aurelio.vantor", "separators"),
        ("deepaureliovantor", 'hints at a synthetic copy ("deep")'),
        ("realaureliovantor", 'claims to be the person ("real")'),
        ("aureliovantor.official", 'claims to be the person ("official")'),
        ("aureliovantor77", 'added digits ("77")'),
        ("aureliovantor.fanclips", 'somebody else ("fanclips")'),
        ("aure1iovantor", "digits in place of letters"),
        ("r3al_aur3lio_vantor", "digits in place of letters and added word that claims"),
        ("аurеliovantor", "look-alike letters of another script"),  # Cyrillic a and e
        ("αureliovαntor", "look-alike letters of another script"),  # Greek alpha
        ("aurelliovantor", '("l" doubled)'),
        ("aureliovntor", '("a" missing)'),
        ("aureliovanotr", '("to" as "ot")'),
        ("aureliovandor", '("t" as "d")'),
        ("vantor.aurelio", "the names in another order"),
        ("avantor", "the same letters"),  # the alias "A. Vantor"
        ("ilikeaureliovantorverymuch", "within a longer one"),
    ],
)
def test_the_rule_is_named(handle: str, rule: str) -> None:
    found = finding(handle)
    assert found.status is Status.OK
    assert rule in found.statement
    assert 0.7 <= found.log10_lr <= BOUND
    (exhibit,) = found.exhibits
    assert (exhibit.field, exhibit.text) == ("handle", handle)


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("aurelio_v_baker", "Aurelio Baker"),
        ("aurelio_baker", "Aurelio Bianchi"),
        ("maria.vantor", "Maria Vantor"),
        ("savantorum", "Savantorum"),
        ("goldenbread", "Golden Bread"),
        ("aurelia", "Aurelia"),
    ],
)
def test_namesakes_and_strangers_weigh_little_or_against(handle: str, name: str) -> None:
    assert finding(handle, name).log10_lr <= 0.1


def test_the_official_account_is_exempt_on_its_platform_only() -> None:
    official = finding("AurelioVantor", "Aurelio Vantor")
    assert official.log10_lr == -BOUND
    assert "is the official account" in official.statement
    elsewhere = finding("aureliovantor", "Aurelio Vantor", platform="youtube")
    assert elsewhere.log10_lr > 1.5


def test_the_cast_of_the_demo_is_kept_apart() -> None:
    deep = finding("deepaureliovantor", "Aurelio Vantor").log10_lr
    parody = finding("aureliovantor.parody", "Aurelio Vantor (parody)").log10_lr
    namesake = finding("aurelio_v_baker", "Aurelio Baker").log10_lr
    assert deep > parody > 0.5 > 0.1 >= namesake
    assert deep <= BOUND


def test_a_short_single_name_counts_less() -> None:
    short, long = finding("ana", person=Person("Ana")), finding("aurelio.vantor")
    assert 0 < short.log10_lr < 0.4 < long.log10_lr
    assert "carried by many" in short.statement
    assert finding("anna", person=Person("Ana")).log10_lr <= 0  # typos of three letters are other names


def test_not_applicable_without_person_or_words() -> None:
    assert finding("x", person=None).reason is Reason.NO_PERSON
    assert finding(None, None).reason is Reason.NO_PROFILE
    assert Handle().examine(Specimen(person=VANTOR)).reason is Reason.NO_PROFILE


@pytest.mark.parametrize("hostile", ["\u202egnp.exe", "a\nb\x1b[2J", "<script>", "x" * 5000, "＃", "._.", "🙂"])
def test_hostile_handles_stay_in_one_short_printable_line(hostile: str) -> None:
    found = finding(hostile, hostile)
    assert found.status is Status.OK
    assert found.statement.isprintable()
    assert len(found.statement) < 500
    assert abs(found.log10_lr) <= BOUND
