"""A table of attacks in every field that reaches a mail, a feed, a chat or a header: all harmless."""

from __future__ import annotations

import email
import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.deliver.compose import Composer
from bot.deliver.contract import Kind, Message
from bot.deliver.envelope import as_email
from bot.deliver.feed import atom
from bot.deliver.html import LIMIT
from bot.deliver.short import LIMIT as SHORT_LIMIT
from detectors.contract import Finding, Question, Status
from storage import Observed, Store
from tests.conftest import make_config
from tests.deliver.conftest import SENDER, TO, Configured
from tests.digest.scene import NOW, Scene, seen_faces

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "style": "</style><style>*{display:none}</style>",
    "comment": "--><script>alert(1)</script><!--",
    "cdata": "]]><script>alert(1)</script>",
    "template": "{{ 7*7 }}{% raw %}",
    "markup": "[red]x[/red][link=http://evil.example]y[/link]",
    "direction": "photo\u202egpj.exe\u2066",
    "terminal": "before\x1b]0;title\x07after\x1b[31mred\x9b2J",
    "null": "before\x00after",
    "header": "x\r\nBcc: victim@example.net\r\n\r\n<script>alert(1)</script>",
    "folding": "x\n Bcc: victim@example.net",
    "encoded word": "=?utf-8?q?x=0D=0ABcc:_victim@example.net?=",
    "boundary": "x\r\n--===============0==\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "dot": "x\r\n.\r\nMAIL FROM:<evil@example.net>",
    "separators": "line\u2028paragraph\u2029next\x85vertical\x0bform\x0c",
    "half an emoji": "half \ud83d of it",
    "noncharacter": "non\ufffe\uffffcharacter",
    "tower": "Z" + "\u0301" * 3000,
    "flood": "all work and no play " * 20_000,
    "word": "W" * 500_000,
}
"""One of each kind; `bio` of ten million characters is a case of its own."""


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module", params=ATTACKS, ids=list(ATTACKS))
def messages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Message], str, str]:
    """A digest, an alert and a trouble in which every text from outside is the attack; the feed; the attack."""
    attack = ATTACKS[request.param]
    config = make_config(tmp_path_factory.mktemp("hostile"))
    with Store.open(config.store) as store:
        return told(store, config, attack)


def told(store: Store, config: Config, attack: str) -> tuple[list[Message], str, str]:
    """What is told of a store in which everything is the attack."""
    scene = Scene(store)
    account = scene.account(attack[:5000].replace("\ud83d", "") or "x", address="https://www.tiktok.com/@x")
    posts = scene.poll(
        account, scene.seen(account, attack, views=9_000_000), scene.seen(account, attack, views=1),
        name=attack, bio=attack,
    )  # fmt: skip
    for post in posts:
        said = Finding("handle", "1", Question.IDENTITY, Status.OK, f"Seen: {attack}", log10_lr=1.5)
        scene.examine(post, seen_faces(1), said)
        scene.judged(post, "urgent", summary=attack, counter=attack)
    scene.poll(scene.account("other"), outcome="unknown", detail=attack)
    store.observe_troubles([Observed("account", attack, attack, attack)], NOW, settled=NOW - NOW)
    digest = scene.digest()
    composer = Composer(store, config, NOW)
    made = [composer.digest(digest), composer.alert([post.id for post in posts]), composer.trouble([1])]
    made = [replace(one, message_id=f"<{number}@example.org>", at=NOW) for number, one in enumerate(made)]
    return made, atom(store, ZoneInfo("Europe/Paris"), NOW), attack


def parsed(message: Message) -> tuple[EmailMessage, bytes]:
    raw = as_email(message, sender=SENDER, to=TO).as_bytes()
    mail = email.message_from_bytes(raw, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    return mail, raw


HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Importance", "MIME-Version", "Content-Type",
}  # fmt: skip


def test_no_attack_adds_a_header_or_a_part(messages: tuple[list[Message], str, str]) -> None:
    for message in messages[0]:
        mail, raw = parsed(message)
        assert mail.defects == []
        assert set(mail.keys()) <= HEADERS
        assert len(mail.keys()) == len(set(mail.keys()))
        assert (mail["To"], mail["Message-ID"]) == (TO, message.message_id)
        kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
        assert kinds[:2] == ["text/plain", "text/html"]
        assert set(kinds[2:]) <= {"image/jpeg"}
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")


def test_no_attack_becomes_an_element_or_leads_outside(messages: tuple[list[Message], str, str]) -> None:
    for message in messages[0]:
        walk = _Elements()
        walk.feed(message.html)
        walk.close()
        for tag, attributes in walk.found:
            assert tag not in {"script", "iframe", "object", "form", "input", "link", "base", "svg", "b", "section"}
            assert not [name for name in attributes if name.startswith("on")]
            if tag == "img":
                assert re.fullmatch(r"cid:post\d+-[0-9a-f]{12}@doppelwatch\.invalid", attributes["src"])
            if tag == "a":
                assert attributes["href"].startswith("https://www.tiktok.com/")
        assert sum(tag == "style" for tag, _ in walk.found) == 1


def test_nothing_that_acts_is_left(messages: tuple[list[Message], str, str]) -> None:
    made, feed, _ = messages
    for text in [text for one in made for text in (one.subject, one.short, one.text, one.html)] + [feed]:
        left = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")}
        assert left <= {"\n"}
        assert "\ufffe" not in text
        assert "\uffff" not in text


def test_a_flood_is_cut_everywhere(messages: tuple[list[Message], str, str]) -> None:
    made, feed, _ = messages
    for message in made:
        assert len(message.subject) <= 1000
        assert "\n" not in message.subject
        assert len(str(parsed(message)[0]["Subject"])) <= 151
        assert len(message.short) <= SHORT_LIMIT
        assert len(message.html.encode()) <= LIMIT
        assert len(message.text) < 60_000
    assert len(feed) < 30_000


def test_the_feed_is_sound_whatever_stands_in_it(messages: tuple[list[Message], str, str]) -> None:
    root = ET.fromstring(messages[1])
    atom_name = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom_name}entry")
    assert len(entries) == 3
    for entry in entries:
        assert {child.tag.removeprefix(atom_name) for child in entry} <= {
            "id", "title", "published", "updated", "link", "category", "summary",
        }  # fmt: skip
        assert all(len(list(child)) == 0 for child in entry), "texts hold no elements"
        for link in entry.findall(f"{atom_name}link"):
            assert link.attrib["href"].startswith("https://www.tiktok.com/")
    ids = [entry.findtext(f"{atom_name}id") for entry in entries]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("name", ["script", "handler", "template", "header"])
def test_what_an_attacker_wrote_is_shown_as_the_text_that_it_is(
    store: Store, configured: Configured, name: str
) -> None:
    scene = Scene(store)
    account = scene.account("x")
    (post,) = scene.poll(account, scene.seen(account, ATTACKS[name], views=10), name="X", bio="")
    scene.judged(post, "urgent")
    message = Composer(store, configured(), NOW).alert([post.id])
    walk = _Elements()
    walk.feed(message.html)
    visible = " ".join(ATTACKS[name].split())
    assert visible in " ".join("".join(walk.words).split())
    assert visible in " ".join(message.text.split())


def test_a_bio_of_ten_million_characters_costs_nothing(store: Store, configured: Configured) -> None:
    scene = Scene(store)
    account = scene.account("x")
    (post,) = scene.poll(account, scene.seen(account, "caption", views=10), name="X", bio="<b>x" * 2_500_000)
    scene.judged(post, "urgent")
    digest = scene.digest()
    message = Composer(store, configured(), NOW).digest(digest)
    assert len(as_email(replace(message, message_id="<1@x>"), sender=SENDER, to=TO).as_bytes()) < 100_000


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
def test_a_subject_stays_one_header_whoever_calls(attack: str) -> None:
    """The envelope does not rely on what composed the message."""
    message = Message(Kind.ALERT, "<1@example.org>", NOW.astimezone(UTC), attack, "s", "t", "<p>h</p>")
    mail, _ = parsed(message)
    assert set(mail.keys()) <= HEADERS
    assert "Bcc" not in mail
    assert "\n" not in str(mail["Subject"])
