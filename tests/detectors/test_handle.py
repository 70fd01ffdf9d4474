"""By which rule a handle resembles a protected name, and when it does not."""

from __future__ import annotations

import time

import pytest

from benchmarks.handles import FLAGGED, answers, table
from detectors.contract import Finding, Reason, Status
from detectors.handle import BOUND, Handle, likeness
from detectors.handle_edits import LETTER_RULES
from detectors.handle_rules import resemblance
from detectors.specimen import OfficialAccount, Person, ProfileText, Specimen
from detectors.spelling import foreign_letters, skeleton, without_accents

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
        ("aureliovantor୦୧", 'added digits ("୦୧")'),  # Oriya
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
        ("aureliovantorrrr", '("r" repeated)'),
        ("realaurelliovantor", 'doubled or repeated letter ("l" doubled) and added word that claims to be the person'),
        ("aurelio.official.vantor", 'claims to be the person ("official")'),
        ("echter.aureliovantor", 'claims to be the person ("echter")'),
        ("ｄｅｅｐaureliovantor", "another script (Fullwidth"),
        ("🅰urelio.vantor", "another script (Negative"),
        ("aureliøvantor", "accents added"),
        ("rlvntr", 'vowels left out ("aueioao")'),
        ("aureliovаntor", 'Cyrillic "а"'),
        ("officialvantor", 'one rare name of them ("vantor")'),
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


def test_every_letter_rule_names_itself() -> None:
    made = {
        "repeated_letter": "aureliovanttor", "transposition": "aureliovanotr", "missing_letter": "aureliovntor",
        "added_letter": "aureliovanxtor", "replaced_letter": "aureliovandor", "vowels_left_out": "arlovntor",
    }  # fmt: skip
    assert set(made) == {rule.key for rule in LETTER_RULES}
    for key, seen in made.items():
        like = resemblance(seen, "Aurelio Vantor")
        assert like is not None
        assert like.keys == (key,)


def test_a_name_that_many_carry_needs_more_than_the_name() -> None:
    maria = Person("Maria Garcia", (), (OfficialAccount("tiktok", "mariagarciamusic"),))
    for handle, name in (
        ("maria.garcia.91", "Maria Garcia"),
        ("garciamaria", "Garcia Maria"),
        ("mariagarcia", "Maria"),
    ):
        found = finding(handle, name, person=maria)
        assert 0 < found.log10_lr < 0.6, handle
        assert "carried by many" in found.statement
    for handle in ("realmariagarcia", "mаriagarcia", "mariagarciamusic_", "mariagarciamusic.backup"):
        assert finding(handle, "Maria Garcia", person=maria).log10_lr >= 1.0, handle


def test_another_spelling_in_handle_and_display_name_may_be_a_name_of_its_own() -> None:
    alone, agreed = finding("aureliovanto", "a fan of golf"), finding("aureliovanto", "Aurelio Vanto")
    assert agreed.log10_lr < 0.6 < alone.log10_lr
    assert "account's own name" in agreed.statement
    assert "gives another name" in finding("a_vantor", "Anna Vantor").statement


def test_a_word_for_somebody_else_holds_the_weight_down_in_either_field() -> None:
    for handle, name in (("aureliovantor2", "Aurelio Vantor Fans"), ("notaureliovantor", "Aurelio Vantor")):
        found = finding(handle, name)
        assert 0.6 <= found.log10_lr <= 0.8, handle
        assert "tells of somebody else" in found.statement


def test_characters_that_nobody_sees_are_told() -> None:
    found = finding("aureli\u200bovantor")
    assert "characters that nobody sees" in found.statement
    assert found.statement.isprintable()
    assert found.log10_lr > 1.0


def test_an_alias_is_named_as_one() -> None:
    assert "of an alias" in finding("avantor").statement
    found = likeness(ProfileText("tiktok", "avantor"), VANTOR)
    assert found is not None
    assert found.keys[0] == "alias"


def test_the_table_is_large_and_its_tuned_half_is_told_right() -> None:
    """The kept-out half is measured by the benchmark and held only to a floor here, so that nobody tunes on it."""
    given = answers(table())
    assert len(given) >= 150
    assert {one.row.kind for one in given} == {"impersonation", "fan", "namesake", "unrelated", "official"}
    for one in given:
        if one.row.part == "tuned":
            assert one.flagged == (one.row.kind == "impersonation"), one.row.profile
    kept_out = [one for one in given if one.row.part == "held_out"]
    right = [one for one in kept_out if one.flagged and one.row.kind == "impersonation"]
    assert len(kept_out) >= 75
    assert len(right) / sum(one.flagged for one in kept_out) >= 0.9
    assert len(right) / sum(one.row.kind == "impersonation" for one in kept_out) >= 0.9
    assert FLAGGED > 0.6  # above what merely presents


@pytest.mark.parametrize(
    "hostile", ["1" * 5000, "aureliovantor" * 400, "thereal" * 700, "._" * 3000, "а" * 3000, "rn" * 2000]
)
def test_a_hostile_handle_costs_little(hostile: str) -> None:
    started = time.process_time()
    finding(hostile, hostile)
    assert time.process_time() - started < 1.0  # some milliseconds


def test_letters_are_read_as_they_look() -> None:
    assert skeleton("Ａｕʀᴇ𝓵𝒾o") == "aurelio"
    assert skeleton("🅰\u3164ꓐ\u200bⲟ") == "abo"
    assert without_accents("Łukasz Ørsted Æ") == "lukasz orsted ae"
    assert foreign_letters("Zoë Łuk") == {}
    assert foreign_letters("vаn𝗍") == {"а": "CYRILLIC", "𝗍": "MATHEMATICAL"}
