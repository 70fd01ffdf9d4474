"""What is a cue of harm, in six languages and in links, and what only speaks of one."""

from __future__ import annotations

import time
from types import ModuleType

import pytest

from detectors.contract import ExhibitKind, Finding, Question, Reason, Status
from detectors.harm import CUE_FROM, HARM, HINT_OF_HARM, NO_HARM, Harm
from detectors.harm_words import CATEGORIES, LANGUAGES, en
from detectors.specimen import Person, ProfileText, Specimen

VANTOR = Person("Aurelio Vantor")


def finding(
    caption: str | None = None,
    *,
    bio: str | None = None,
    subtitles: str | None = None,
    screen: str | None = None,
    person: Person | None = None,
) -> Finding:
    profile = ProfileText("tiktok", "vantor", None, bio, caption)
    return Harm().examine(Specimen(profile=profile, subtitles=subtitles, screen_text=screen, person=person))


def labels(found: Finding) -> set[str]:
    return {exhibit.label for exhibit in found.exhibits}


CUES = {
    "giveaway": (
        "Send 1 BTC and get 2 back",
        "Reclama tu premio ahora",
        "Hai vinto un iPhone!",
        "Vous avez gagné une voiture",
        "Herzlichen Glückwunsch, du hast gewonnen",
        "Resgate seu prêmio hoje",
    ),
    "investment scam": (
        "Guaranteed profits with my new trading app, $500 a day",
        "Ganancias garantizadas, invierte conmigo",
        "Raddoppia i tuoi bitcoin in un giorno",
        "Rendement garanti de 10 % par jour",
        "Garantierte Rendite, Mindesteinzahlung 250 Euro",
        "Lucro garantido, invista comigo",
    ),
    "contact elsewhere": (
        "Text me on my private number",
        "Escríbeme por WhatsApp",
        "Scrivimi su Telegram",
        "Écrivez-moi sur Telegram",
        "Schreib mir auf WhatsApp",
        "Me chama no Telegram",
    ),
    "sexual content": (
        "leaked sex tape",
        "video porno filtrado",
        "il video hard completo",
        "la sextape complète",
        "Nacktfotos im Profil",
        "nudes e fotos íntimas",
    ),
    "election topic": (
        "Don't vote tomorrow, polling stations are closed",
        "No votes mañana: elecciones robadas",
        "I seggi sono chiusi, non andate a votare",
        "N'allez pas voter, élections truquées",
        "Die Wahllokale sind geschlossen",
        "Não votem, urnas fraudadas",
    ),
    "crisis topic": (
        "Evacuate now! Withdraw your money now!",
        "Evacúen ahora, los bancos cerrarán",
        "Evacuate subito, non bevete l'acqua",
        "Évacuez maintenant, ne buvez pas l'eau",
        "Sofort evakuieren, trinkt kein Wasser",
        "Evacuem agora, saquem seu dinheiro",
    ),
    "call to violence": (
        "Kill them all",
        "Mátenlos a todos",
        "Uccideteli tutti",
        "Tuez-les tous",
        "Tötet sie alle",
        "Matem todos",
    ),
    "hate": (
        "Go back to your country",
        "Vuelvan a su país",
        "Tornate al vostro paese",
        "Rentrez dans votre pays",
        "Geht zurück in euer Land",
        "Voltem para seu país",
    ),
}


@pytest.mark.parametrize(("category", "text"), [(name, text) for name, texts in CUES.items() for text in texts])
def test_cues_in_six_languages_are_quoted(category: str, text: str) -> None:
    found = finding(text)
    assert found.status is Status.OK
    assert found.question is Question.SPREAD
    assert found.log10_lr == 0
    assert found.score is not None
    assert CUE_FROM <= found.score <= 1
    assert HARM + category in labels(found)
    assert category in found.statement
    assert "in the caption" in found.statement
    assert "only raise the priority" in found.statement
    exhibit = next(one for one in found.exhibits if one.label == HARM + category)
    assert (exhibit.kind, exhibit.field) == (ExhibitKind.TEXT, "caption")
    assert exhibit.text is not None
    assert exhibit.text in text


def test_every_category_is_tried_in_every_language() -> None:
    assert set(CUES) == {category.name for category in CATEGORIES}
    assert all(len(texts) == len(LANGUAGES) for texts in CUES.values())


@pytest.mark.parametrize(
    "text",
    [
        # promises never to ask, and warnings
        "I will never ask you for money on Telegram.",
        "Never send bitcoin to anybody who claims to be me.",
        "I would never message you privately! Don't click on such links.",
        "Scam alert: somebody uses my face to say 'double your bitcoin'",
        "The video with guaranteed profits is fake",
        "Beware of accounts that ask you to claim your prize",
        "Nunca pediré dinero ni que me escriban por WhatsApp",
        "Es una estafa: ganancias garantizadas y sorteos no son míos",
        "Non chiedo mai soldi, non inviate bitcoin",
        "Attenti alle truffe, nessun guadagno garantito",
        "Je ne demanderai jamais d'argent ni de bitcoin",
        "C'est une arnaque, les gains garantis n'existent pas",
        "Ich werde niemals nach Geld oder Bitcoin fragen",
        "Das ist Betrug: garantierte Gewinne gibt es nicht",
        "Nunca vou pedir dinheiro pelo meu WhatsApp",
        "É golpe! Cuidado com o lucro garantido",
        # everyday words
        "Golf, tricks and the good life.",
        "Vote for my song tonight!",
        "We filmed in Rome. Love you all",
        "",
        "Thank you for 4.1 million. See you on stage!",
    ],
)
def test_a_warning_or_everyday_word_is_no_cue(text: str) -> None:
    found = finding(text)
    assert found.score is not None
    assert found.score < CUE_FROM
    assert not any(label.startswith(HARM) for label in labels(found))


def test_what_is_warned_against_is_shown_as_such() -> None:
    found = finding("This is a scam: double your bitcoin")
    assert found.score == 0
    assert f"{NO_HARM}investment scam, warned against" in labels(found)
    assert "warned against, and no cue" in found.statement


@pytest.mark.parametrize(
    "text",
    [
        "This is not a scam! Send 1 BTC and get 2 back",
        "100% legit, no scam, invest with me",
        "Beware of fake accounts. Only write me on WhatsApp",
        "Esto no es una estafa, invierte conmigo",
        "Das ist kein Betrug, investiere mit mir",
    ],
)
def test_a_scam_that_denies_being_one_is_a_cue(text: str) -> None:
    found = finding(text)
    assert found.score is not None
    assert found.score >= CUE_FROM


@pytest.mark.parametrize(
    "text",
    [
        "Police: victims of the deepfake were told to double their bitcoin. Guaranteed profits, it said.",
        'The clip says "double your bitcoin". It is a scam, and he knows nothing of it.',
        'Reporters said the crowd chanted "death to the king"',
        "Según la policía, el vídeo promete ganancias garantizadas",
        "Laut Polizei versprach das Video garantierte Gewinne",
        "Selon la police, la vidéo promet un rendement garanti",
        "Secondo la polizia il video promette guadagni garantiti",
        "Segundo a polícia, o vídeo promete lucro garantido",
    ],
)
def test_what_news_reports_or_quotes_is_a_hint_at_most(text: str) -> None:
    found = finding(text)
    assert found.score is not None
    assert 0 < found.score < CUE_FROM or labels(found) <= {f"{NO_HARM}investment scam, warned against"}
    assert not any(label.startswith(HARM) for label in labels(found))


def test_a_single_ambiguous_word_is_a_hint_and_two_are_a_cue() -> None:
    one, two = finding("I read a book about bitcoin"), finding("crypto, forex and passive income")
    assert labels(one) == {f"{HINT_OF_HARM}investment scam"}
    assert "Only hints of harm" in one.statement
    assert one.score is not None
    assert two.score is not None
    assert one.score < CUE_FROM <= two.score


def test_money_and_a_way_out_together_are_the_pattern_of_a_scam() -> None:
    alone, together = finding("Double your bitcoin"), finding("Double your bitcoin", bio="t.me/vantor_vip")
    assert alone.score is not None
    assert together.score is not None
    assert alone.score < together.score <= 1
    assert "pattern of a scam" in together.statement


def test_every_field_is_read_and_named() -> None:
    for field, found in (
        ("bio", finding(bio="guaranteed profits")),
        ("subtitles", finding(subtitles="so you get guaranteed profits every day")),
        ("writing on the screen", finding(screen="GUARANTEED PROFITS")),
    ):
        assert f"in the {field}" in found.statement
    assert finding(screen="GUARANTEED PROFITS").exhibits[0].field == "on screen"


@pytest.mark.parametrize(
    ("text", "label", "told"),
    [
        ("https://bit.ly/3abc", "hint of harm: shortened link", "bit.ly is a shortener"),
        ("go to tinyurl.com/vantor", "hint of harm: shortened link", "shortener"),
        ("t.me/+AbCd", "harm: contact elsewhere", "Telegram chat invitation"),
        ("wa.me/15550100", "harm: contact elsewhere", "WhatsApp chat"),
        ("discord.gg/abc", "harm: contact elsewhere", "Discord chat invitation"),
        ("https://discord.com/invite/abc", "harm: contact elsewhere", "Discord chat invitation"),
        ("call +1 555 010 0199", "harm: contact elsewhere", "telephone number"),
        ("paypa1.com", "harm: disguised link", "looks like paypal.com (digits in place of letters)"),
        ("https://instagrarn.com/login", "harm: disguised link", "looks like instagram.com"),
        ("https://paypal.com.verify.site/x", "harm: disguised link", "looks like paypal.com"),
        ("https://binance-bonus.com", "harm: disguised link", "looks like binance.com (with words added)"),
        ("https://pаypal.com", "harm: disguised link", "letters of another script"),
        ("http://xn--pypal-4ve.com/", "harm: disguised link", "punycode for"),
        ("https://paypal.com@evil.example/x", "harm: disguised link", "hides that it leads to evil.example"),
        ("http://203.0.113.7/pay", "harm: disguised link", "a bare address"),
        ("evil[.]paypa1[.]com", "harm: disguised link", "looks like paypal.com"),
        ("https://aureliovantor-gift.com", "harm: disguised link", "carries the name of Aurelio Vantor"),
        ("fansly.com/x", "harm: sexual content", "adult content"),
        ("cash.app/$x", "harm: payment request", "where money is sent"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "harm: payment request", "crypto wallet"),
    ],
)
def test_links_tell_what_they_show_without_being_opened(text: str, label: str, told: str) -> None:
    found = finding(bio=text, person=VANTOR)
    assert label in labels(found)
    assert told in found.statement


@pytest.mark.parametrize(
    "text",
    [
        "https://www.instagram.com/vantor", "youtube.com/@vantor", "https://example.org/news", "vantor@example.com",
        "See you there.It was fun.me too", "3.5 million", "discord.com/blog", "aureliovantor.com", "https://[bad",
        "a.b.c",
    ],
)  # fmt: skip
def test_ordinary_links_are_no_cue(text: str) -> None:
    found = finding(bio=text, person=VANTOR)
    assert found.score == 0, found.statement


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_language_has_every_list(language: ModuleType) -> None:
    wanted = {name for name in vars(en) if name.isupper()}
    assert {category.vocabulary for category in CATEGORIES} <= wanted
    assert {name for name in vars(language) if name.isupper()} == wanted
    for name in wanted:
        for phrase in getattr(language, name).split("\n"):
            assert phrase == phrase.casefold().strip(), (name, phrase)
            assert phrase.isascii(), (name, phrase)


def test_without_words_it_is_not_applicable() -> None:
    assert finding().reason is Reason.NO_PROFILE
    assert Harm().examine(Specimen()).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    "hostile",
    [
        "send bitcoin " * 2000,
        "a." * 10_000,
        "paypa1.com " * 2000,
        "x" * 20_000,
        "@" * 20_000,
        '"' * 20_000,
        "\u202e\x1b[2J invest with me " + "y" * 30_000,
        "xn--\u00e9.com xn--.com xn--99999999999.com",
    ],
)
def test_hostile_text_is_read_in_bounded_time_and_told_in_one_line(hostile: str) -> None:
    started = time.process_time()
    found = finding(hostile, person=VANTOR)
    assert time.process_time() - started < 3.0
    assert found.statement.isprintable()
    assert len(found.statement) < 1200
    assert len(found.exhibits) <= 12
    assert all(len(exhibit.text or "") <= 200 for exhibit in found.exhibits)
