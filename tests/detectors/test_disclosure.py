"""What counts as a declaration, in which field and language, and what only looks like one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from types import ModuleType

import pytest

from detectors.contract import ExhibitKind, Finding, Reason, Status
from detectors.disclosure import BOUND, GONE, Disclosure
from detectors.disclosure_words import KINDS, LANGUAGES, en
from detectors.specimen import ProfileText, Specimen


def finding(
    handle: str | None = "somebody",
    name: str | None = "Some Body",
    bio: str | None = "",
    caption: str | None = "",
    *,
    ai_label: bool | None = None,
) -> Finding:
    return Disclosure().examine(Specimen(profile=ProfileText("tiktok", handle, name, bio, caption, ai_label)))


@pytest.mark.parametrize(
    ("bio", "kind"),
    [
        ("Parody account", "parody or satire"),
        ("This is satire.", "parody or satire"),
        ("Cuenta de parodia", "parody or satire"),
        ("Account satirico", "parody or satire"),
        ("Compte parodique et satirique", "parody or satire"),
        ("Reine Satire!", "parody or satire"),
        ("Perfil de paródia", "parody or satire"),
        ("Professional lookalike", "imitation"),
        ("Imitador oficial del actor", "imitation"),
        ("Il sosia numero uno", "imitation"),
        ("Le sosie de la star", "imitation"),
        ("Doppelgänger aus Bonn", "imitation"),
        ("All videos are deepfakes", "deepfake"),
        ("made with AI", "made with AI"),
        ("vídeos hechos... generado con IA", "made with AI"),
        ("fatto con l'IA", "made with AI"),
        ("Généré par IA", "made with AI"),
        ("KI-generiert", "made with AI"),
        ("criado com IA", "made with AI"),
        ("I am not the real one", "not the person"),
        ("Cuenta no oficial", "not the person"),
        ("Pagina non ufficiale", "not the person"),
        ("Compte non officiel", "not the person"),
        ("Inoffizielle Seite", "not the person"),
        ("Perfil não oficial", "not the person"),
        ("fan page", "fan account"),
        ("Conta de fãs", "fan account"),
        ("#AuroraParody", "parody or satire"),
        ("#aigenerated", "made with AI"),
    ],
)
def test_declarations_in_six_languages_are_quoted(bio: str, kind: str) -> None:
    found = finding(bio=bio)
    assert found.status is Status.OK
    assert 0.8 < found.log10_lr <= BOUND
    assert kind in found.statement
    assert "in the bio" in found.statement
    exhibit = found.exhibits[0]
    assert (exhibit.kind, exhibit.field) == (ExhibitKind.TEXT, "bio")
    assert exhibit.text is not None
    assert exhibit.text in bio


@pytest.mark.parametrize(
    "bio",
    [
        "This is not a parody",
        "Isn't a deepfake!",
        "No AI, everything real",
        "non è una parodia",
        "esto no es parodia",
        "ce n'est pas une parodie",
        "das ist keine Parodie",
        "não é paródia",
        "sans IA",
        "ce n'est pas de l'IA",
        "this isn't really a deepfake",
        "I am not a parody",
        "no soy una parodia",
        "Non sono un imitatore",
        "Je ne suis pas un sosie",
        "Ich bin kein Imitator",
        "não sou sósia",
        "made without any AI",
        "100% AI-free",
        "hecho sin IA",
        "nessun deepfake",
        "ohne KI",
        "KI-frei",
        "nunca uso deepfakes",
        "#NoAI",
        "#notaparody",
    ],
)
def test_a_denial_is_no_declaration(bio: str) -> None:
    found = finding(bio=bio)
    assert found.log10_lr < 0
    assert "denied" in found.statement


@pytest.mark.parametrize(
    "bio",
    [
        "J'ai faim", "ai miei amici", "Fanatic about bread", "Golf, tricks and the good life.",
        "WE LOVE AI AND BREAD IN CAPITALS", "Deep house DJ", "",
    ],
)  # fmt: skip
def test_ordinary_words_declare_nothing(bio: str) -> None:
    found = finding(bio=bio)
    assert found.log10_lr == -0.5
    assert "Nothing is declared" in found.statement


def test_a_negation_in_another_sentence_denies_nothing() -> None:
    assert finding(bio="Not for children. Parody.").log10_lr > 1


def test_deep_in_a_handle_is_a_weak_hint_only() -> None:
    found = finding(handle="deepaureliovantor")
    assert 0 < found.log10_lr <= 0.3
    assert "hint at most" in found.statement


def test_a_handle_that_says_parody_declares() -> None:
    for handle in ("aureliovantor.parody", "vantorparody", "aurelio_fanpage"):
        assert finding(handle=handle).log10_lr > 0.8, handle


def test_fields_weigh_differently_and_the_strongest_counts() -> None:
    bio, caption = finding(bio="parody"), finding(caption="parody")
    both = finding(bio="parody", caption="parody")
    assert caption.log10_lr < bio.log10_lr < both.log10_lr <= BOUND


def test_the_platforms_label_declares_synthesis() -> None:
    labelled = finding(ai_label=True)
    assert labelled.log10_lr > 1
    assert "platform's label" in labelled.statement
    assert "no AI label" in finding(ai_label=False).statement


def test_a_bare_capital_ai_is_weak() -> None:
    assert 0 < finding(bio="AI engineer").log10_lr < 0.8


def test_unseen_fields_weaken_the_silence() -> None:
    partly = finding(bio=None)
    assert finding().log10_lr < partly.log10_lr < 0
    assert "not seen: bio" in partly.statement


def test_no_words_at_all_is_not_applicable() -> None:
    assert finding(None, None, None, None).reason is Reason.NO_PROFILE
    assert Disclosure().examine(Specimen()).status is Status.NOT_APPLICABLE


def test_hostile_text_is_bounded_and_printable() -> None:
    found = finding(bio="parody \u202e\x1b[2J <b>" + "x" * 50_000 + " parody")
    assert found.statement.isprintable()
    assert len(found.statement) < 600
    assert all(len(exhibit.text or "") <= 200 for exhibit in found.exhibits)


def test_a_declaration_is_found_in_a_long_text_and_a_longer_one_is_read_in_bounded_time() -> None:
    bio = "golf and tricks " * 1000 + "parody account"
    assert finding(bio=bio).log10_lr > 0.8
    started = time.process_time()
    finding(bio="golf and tricks " * 100_000)
    assert time.process_time() - started < 2.0  # a tenth of a second; a million letters took minutes once


@pytest.mark.parametrize(
    ("bio", "kind"),
    [
        ("Not just a parody, THE parody", "parody or satire"),
        ("No hate, just parody", "parody or satire"),
        ("No es solo parodia", "parody or satire"),
        ("Nicht nur Satire", "parody or satire"),
        ("I am not Aurelio", "not the person"),
        ("No soy Aurelio, tranquilos", "not the person"),
        ("Je ne suis pas Aurelio", "not the person"),
        ("Ich bin nicht Aurelio", "not the person"),
        ("Sono un imitatore", "imitation"),
        ("#NotTheRealOne", "not the person"),
        ("#AIGenerated", "made with AI"),
        ("Pаrody account", "parody or satire"),  # with a Cyrillic a
        ("𝗣𝗮𝗿𝗼𝗱𝘆 account", "parody or satire"),
        ("Stimmenimitator aus Köln", "imitation"),
        ("Künstliche Intelligenz", "made with AI"),
        ("voix clonée", "deepfake"),
    ],
)
def test_what_looks_like_a_denial_and_is_none(bio: str, kind: str) -> None:
    found = finding(bio=bio)
    assert found.log10_lr > 0.8
    assert kind in found.statement


@pytest.mark.parametrize("emoji", ["🤖", "🎭"])
def test_an_emoji_is_a_hint_at_most(emoji: str) -> None:
    found = finding(bio=f"golf and tricks {emoji}")
    assert 0 < found.log10_lr <= 0.3
    assert f'"{emoji}" in the bio is a hint at most' in found.statement


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_language_has_every_list(language: ModuleType) -> None:
    wanted = {name for name in vars(en) if name.isupper()}
    assert {kind.vocabulary for kind in KINDS} <= wanted
    assert {name for name in vars(language) if name.isupper()} == wanted
    for name in wanted:
        for phrase in getattr(language, name).split("\n"):
            assert phrase == phrase.casefold().strip(), (name, phrase)
            assert phrase.isascii(), (name, phrase)


def test_subtitles_and_writing_on_the_screen_are_read_and_weigh_less() -> None:
    silent = ProfileText("tiktok", "somebody", "Some Body", "", "")
    said = Disclosure().examine(Specimen(profile=silent, subtitles="this is a parody"))
    written = Disclosure().examine(Specimen(profile=silent, screen_text="this is a parody"))
    assert 0.3 < said.log10_lr < written.log10_lr < finding(bio="parody").log10_lr
    assert "in the subtitles" in said.statement
    assert "in the writing on the screen" in written.statement
    assert written.exhibits[0].field == "on screen"
    alone = Disclosure().examine(Specimen(screen_text="Deepfake"))
    assert alone.status is Status.OK


def by_rule(platform: str, handle: str, name: str | None, bio: str | None) -> str:
    return Disclosure().examine(Specimen(profile=ProfileText(platform, handle, name, bio, ""))).statement


def test_the_rule_of_the_platform_names_the_fields_that_carry_it_and_those_that_do_not() -> None:
    asks = "TikTok asks parody and fan accounts to say so in bio, display name and handle"
    assert f"{asks}: bio does, display name and handle do not." in by_rule("tiktok", "vantor", "Vantor", "parody")
    assert f"{asks}, which this account does." in by_rule("tiktok", "vantor_parody", "Vantor (parody)", "Parody")
    assert f"{asks}: handle does, bio could not be seen" not in by_rule("tiktok", "vantorparody", "Vantor", None)
    assert "handle does, display name does not, bio could not be seen" in by_rule(
        "tiktok", "vantorparody", "Vantor", None
    )
    assert "YouTube asks" in by_rule("youtube", "vantorfanpage", "Vantor", "")
    assert "display name or handle, which this account does" in by_rule("youtube", "vantorfanpage", "Vantor", "")
    assert "display name and handle do not" in by_rule("youtube", "vantor", "Vantor", "fan page")
    assert "asks" not in by_rule("folder", "vantor", "Vantor", "parody")
    assert "asks" not in by_rule("tiktok", "vantor", "Vantor", "made with AI")  # another rule of theirs


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def profile(day: int, handle: str = "vantor", name: str = "Vantor", bio: str | None = "") -> ProfileText:
    return ProfileText("tiktok", handle, name, bio, "", seen_at=at(day))


def test_a_declaration_that_disappeared_is_told_with_its_words_and_days() -> None:
    earlier = (
        profile(1, bio="Parody account. Golf."),
        profile(3, bio="Parody account. Golf!"),
        profile(5, bio="Golf."),
    )
    found = Disclosure().examine(Specimen(profile=profile(9, bio="Golf and tricks."), earlier_profiles=earlier))
    assert found.log10_lr == -0.8
    assert 'The bio said "Parody account" until 3 March 2026 (parody or satire)' in found.statement
    assert 'since 5 March 2026 at the latest it does not: it was "Parody account. Golf!"' in found.statement
    assert "Nothing is declared now." in found.statement
    (exhibit,) = found.exhibits
    assert exhibit.label == f"{GONE}parody or satire"
    assert (exhibit.field, exhibit.text) == ("bio", "Parody account. Golf!")


def test_a_declaration_that_moved_still_counts_and_the_move_is_told() -> None:
    found = Disclosure().examine(
        Specimen(profile=profile(9, "vantor_parody"), earlier_profiles=(profile(1, bio="parody"),))
    )
    assert found.log10_lr > 0.8
    assert 'The bio said "parody" until 1 March 2026' in found.statement
    assert "Nothing is declared now" not in found.statement


def test_what_is_still_there_or_could_not_be_seen_has_not_disappeared() -> None:
    still = Disclosure().examine(
        Specimen(profile=profile(9, bio="It is parody"), earlier_profiles=(profile(1, bio="parody"), profile(2)))
    )
    assert "until" not in still.statement
    unseen = Disclosure().examine(Specimen(profile=profile(9, bio=None), earlier_profiles=(profile(1, bio="parody"),)))
    assert "until" not in unseen.statement
    denied = Disclosure().examine(
        Specimen(profile=profile(9), earlier_profiles=(profile(1, bio="this is not a parody"),))
    )
    assert "until" not in denied.statement


def test_a_renamed_handle_loses_its_declaration_without_known_times() -> None:
    before = ProfileText("tiktok", "vantor.parody", "Vantor", "", "")
    found = Disclosure().examine(
        Specimen(profile=ProfileText("tiktok", "vantor", "Vantor", "", ""), earlier_profiles=(before,))
    )
    assert 'The handle said "parody" earlier' in found.statement
    assert "now it does not" in found.statement
