"""Candidates are what the rules report, in the grammar of the platform, with something of each kind under a limit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.handles import people, table
from detectors.handle import likeness
from detectors.handle_candidates import WORTH_ASKING, Grammar, candidates
from detectors.specimen import OfficialAccount, Person, ProfileText

TIKTOK = Grammar("._", 2, 24, at_ends="_")
PERSON = Person("Aurelio Vantor", official=(OfficialAccount("tiktok", "aureliovantor"),))


def test_every_candidate_is_one_that_the_detector_would_report_and_the_platform_allows() -> None:
    made = candidates(PERSON, TIKTOK, 150)
    assert len(made) == 150
    assert len({one.handle for one in made}) == 150
    for one in made:
        assert TIKTOK.allows(one.handle), one.handle
        found = likeness(ProfileText("tiktok", one.handle, None), PERSON)
        assert found is not None, one.handle
        assert set(one.keys) <= set(found.keys) | {"alias"}, one.handle
        assert one.log10_lr >= WORTH_ASKING


def test_a_short_list_has_something_of_each_kind() -> None:
    keys = {key for one in candidates(PERSON, TIKTOK, 40) for key in one.keys}
    assert {
        "exact", "separators", "claim_word", "added_digits", "digit_swap", "repeated_letter", "transposition",
        "missing_letter", "replaced_letter", "vowels_left_out",
    } <= keys  # fmt: skip


def test_a_longer_list_begins_with_the_shorter_one() -> None:
    assert candidates(PERSON, TIKTOK, 30) == candidates(PERSON, TIKTOK, 60)[:30]


def test_words_that_tell_of_somebody_else_are_not_made() -> None:
    handles = {one.handle for one in candidates(PERSON, TIKTOK, 2000)}
    assert not any("fan" in handle.replace("vantor", "") for handle in handles)


@pytest.mark.parametrize(
    ("grammar", "handle", "allowed"),
    [
        (TIKTOK, "a.b_c", True),
        (TIKTOK, "name_", True),
        (TIKTOK, "name.", False),
        (TIKTOK, "a..b", False),
        (TIKTOK, "a-b", False),
        (TIKTOK, "nаme", False),  # a Cyrillic letter
        (TIKTOK, "_", False),
        (Grammar("", 3, 5), "abcdef", False),
        (Grammar("", 3, 5), "a_b", False),
        (Grammar("-", 3, 18), "a-b", True),
        (Grammar("-", 3, 18), "-ab", False),
    ],
)
def test_the_grammar_decides_what_can_be_a_handle(grammar: Grammar, handle: str, *, allowed: bool) -> None:
    assert grammar.allows(handle) is allowed


def test_half_of_the_tables_impersonations_that_can_be_written_so_are_made() -> None:
    """The table was written before the maker; a share, because nobody can make them all."""
    known = {name: {one.handle for one in candidates(person, TIKTOK, 300)} for name, person in people().items()
             if name in ("Kestrel", "Nova Quill")}  # fmt: skip
    rows = [
        row
        for row in table()
        if row.kind == "impersonation" and row.person.name in known and TIKTOK.allows(row.profile.handle or "")
    ]
    made = [row for row in rows if row.profile.handle in known[row.person.name]]
    assert len(rows) >= 15
    assert len(made) / len(rows) > 0.5


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30), st.integers(1, 12))
def test_no_name_breaks_the_maker(name: str, most: int) -> None:
    made = candidates(Person(name), TIKTOK, most)
    assert len(made) <= most
    assert all(one.handle.isascii() for one in made)
