"""What counts as a declaration, in which field and language, and what only looks like one."""

from __future__ import annotations

import time

import pytest

from detectors.contract import ExhibitKind, Finding, ProfileText, Reason, Specimen, Status
from detectors.disclosure import BOUND, Disclosure


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
