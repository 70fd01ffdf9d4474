"""Accounts are added to a configuration that a person wrote, and every other character of it stays."""

from __future__ import annotations

import difflib
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import default_text, load
from bot.config.adding import NewAccount, add_accounts, with_accounts
from bot.config.document import parse_document
from bot.errors import ConfigError

URL = "https://www.tiktok.com/@realjane"
ADDED = [NewAccount(URL, "Jane Example"), NewAccount("https://bsky.app/profile/jane.bsky.social", 'J: "x" #1')]

TEXTS = {
    "no accounts": "people:\n  - name: Jane Example\n",
    "no line end": "people:\n  - name: Jane Example",
    "empty": "accounts: # nobody yet\n# a remark\npeople:\n  - name: Jane Example\n",
    "short forms": "accounts:\n  - https://www.tiktok.com/@a # a remark\n\n# behind\npeople: []\n",
    "not indented": "accounts:\n- https://x.example/a\n- url: https://x.example/b\n  interval: 1 h\n\npeople: []\n",
    "last": "people: []\naccounts:\n    - url: https://x.example/b # b\n      # within\n      person: Jane\n    # end",
    "flow": "accounts: [https://www.tiktok.com/@a, {url: https://www.tiktok.com/@b}] # two\n",
    "empty flow": "accounts: []\npeople: []\n",
    "line breaks of Windows": "accounts:\r\n  - https://www.tiktok.com/@a\r\npeople: []\r\n",
    "folded": "accounts:\n  - url: >-\n      https://www.tiktok.com/@a\n\n# behind\npeople: []\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_accounts_are_added_and_nothing_else_changes(text: str) -> None:
    new = with_accounts(text, ADDED)
    before, after = parse_document(text, "f").data, parse_document(new, "f").data
    assert after == {**before, "accounts": [*(before.get("accounts") or []), *(
        {"url": one.url, "person": one.person} for one in ADDED)]}  # fmt: skip
    gone = [line for line in difflib.ndiff(text.splitlines(), new.splitlines()) if line.startswith("- ")]
    assert gone == [] or "[" in text, "lines are put in, none is taken away"
    for remark in ("# a remark", "# behind", "# within", "# end", "# two", "# b", "# nobody yet"):
        assert (remark in text) is (remark in new)
    assert ("\r\n" in text) is ("\r\n" in new)
    assert "\n" not in new.replace("\r\n", "") if "\r\n" in text else True


def test_the_starter_takes_accounts(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(default_text().replace("people:\n", "people:\n  - name: Jane Example\n", 1), encoding="utf-8")
    path.chmod(0o640)
    add_accounts(path, ADDED[:1])
    assert [account.url for account in load(path).accounts] == [URL]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "#  - https://www.tiktok.com/@janeexample.fans" in path.read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("text", ["accounts: null\npeople: []\n", "accounts: &a [x]\nmore: *a\n", "accounts: text\n"])
def test_where_there_is_no_place_for_them_the_lines_are_told(text: str) -> None:
    with pytest.raises(
        ConfigError, match=r"add these lines to accounts yourself:\n  - url: https://www\.tiktok\.com/@re"
    ):
        with_accounts(text, ADDED)


def test_a_configuration_that_would_be_wrong_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = "people:\n  - name: Jane Example\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.yaml:\d+: accounts\[0\]\.person"):
        add_accounts(path, [NewAccount(URL, "Nobody Known")])
    assert path.read_text(encoding="utf-8") == text
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("people:\n  - name: Jane Example\n", encoding="utf-8")
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    add_accounts(link, ADDED[:1])
    assert link.is_symlink()
    assert URL in real.read_text(encoding="utf-8")


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_every_name_is_written_so_that_it_is_read_again(person: str) -> None:
    for text in ("accounts:\n  - a\n", "accounts: [a]\n"):
        try:
            new = with_accounts(text, [NewAccount(URL, person)])
        except ConfigError:
            continue  # handed back, and nothing changed
        assert parse_document(new, "f").data["accounts"][-1] == {"url": URL, "person": person}
