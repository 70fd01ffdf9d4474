"""`doppelwatch check` on what is watched and how it is reached, and on when the next digest is due."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.check import Level
from bot.demo.platforms import StandIn, TikTokAccount, TikTokPost, post_id
from bot.sources import registry
from bot.sources.registry import SourceSettings
from tests.cli.checking import MODELS, check, checked, results


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_watched_folders_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    found = results("accounts: ['folder:clips', 'folder:gone', https://www.tiktok.com/@a]\n")
    assert found["accounts[0].url"].message == f"{tmp_path}/clips can be read"
    assert found["accounts[1].url"].message == f"there is no folder {tmp_path}/gone; make it, or correct the address"
    level, words = found["accounts[2].url"].level, found["accounts[2].url"].message
    assert level is Level.OK
    assert words.startswith(
        "is watched as tiktok: posts, followers, the account's own words and the platform's AI label"
    )


def test_a_watched_list_must_be_there_and_name_posts(tmp_path: Path) -> None:
    (tmp_path / "posts.txt").write_text("https://www.tiktok.com/@a/video/7300000000000000000\n")
    (tmp_path / "empty.txt").write_text("# none yet\n")
    found = results("accounts: ['list:posts.txt', 'list:empty.txt', 'list:gone.txt']\n")
    told = [found[f"accounts[{number}].url"] for number in range(3)]
    assert [one.level for one in told] == [Level.OK, Level.WARNING, Level.ERROR]
    assert "posts.txt: 1 post" in told[0].message
    assert "names no post yet" in told[1].message


def test_what_a_platform_shows_to_logins_alone_is_a_warning_until_cookies_are_named(tmp_path: Path) -> None:
    text = "accounts: ['https://vimeo.com/name']\n"
    found = results(text)["accounts[0].url"]
    assert found.level is Level.WARNING
    assert "name cookies in secrets.cookies.vimeo" in found.message
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("session=1")
    cookies.chmod(0o600)
    named = results(text + "secrets: {cookies: {vimeo: {file: cookies.txt}}}\n")["accounts[0].url"]
    assert named.level is Level.OK


def test_every_platform_is_asked_and_one_that_does_not_answer_is_code_5(
    platform: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in knows TikTok alone: the door refuses all other hosts."""
    created = datetime.now(UTC) - timedelta(hours=2)
    platform.tiktok.put(TikTokAccount("tiktok", posts=(TikTokPost(post_id(created), created),)))
    monkeypatch.setattr(registry, "settings_of", lambda config: SourceSettings(platform.dialer()))
    try:
        result = check(MODELS, "--sources", "--json")
    finally:
        platform.tiktok.remove("tiktok")
    told = {one["what"]: one for one in map(json.loads, result.stdout.splitlines())}
    asked = {what for what in told if what.startswith("sources.")}
    assert asked == {f"sources.{name}" for name, can in registry.capabilities().items() if can.control}
    assert told["sources.tiktok"]["level"] == "ok"
    assert told["sources.kick"]["level"] == "warning"
    assert "network" in told["sources.kick"]["message"]
    assert "look whether this machine reaches the platform" in told["sources.kick"]["message"]
    assert result.exit_code == 5


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 25, 6, 29, tzinfo=UTC), "2026-11-25 07:30 CET"),
        (datetime(2026, 11, 25, 6, 30, tzinfo=UTC), "2026-11-26 07:30 CET"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "2026-07-02 07:30 CEST"),
    ],
)
def test_the_next_digest_is_told_in_its_time_zone(now: datetime, due: str) -> None:
    found = results("digest: {timezone: Europe/Berlin}\n", now)
    assert found["digest.time"].message == f"the next digest is due {due}"


def test_a_proxy_is_read_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOK_PROXY", "http://me:hunter2@proxy.example:3128")
    text = MODELS + "secrets: {proxies: {tiktok: {env: TIKTOK_PROXY}}}\n"
    found, code = checked(text)
    assert found["secrets.proxies.tiktok"] == ("ok", "read from the variable TIKTOK_PROXY; not tried")
    assert code == 0
    monkeypatch.setenv("TIKTOK_PROXY", "me:hunter2@proxy.example")
    found, code = checked(text)
    level, message = found["secrets.proxies.tiktok"]
    assert (level, code) == ("error", 2)
    assert "http://proxy.example:3128" in message
    assert "hunter2" not in str(found)


def test_cookies_are_read_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOK_COOKIES", "sessionid=hunter2")
    text = MODELS + "secrets: {cookies: {tiktok: {env: TIKTOK_COOKIES}}}\n"
    found, code = checked(text)
    assert found["secrets.cookies.tiktok"] == ("ok", "can be read from the variable TIKTOK_COOKIES")
    assert code == 0
    monkeypatch.setenv("TIKTOK_COOKIES", "hunter2")
    found, code = checked(text)
    level, message = found["secrets.cookies.tiktok"]
    assert level == "error"
    assert "the cookies for tiktok.com cannot be read" in message
    assert "hunter2" not in str(found)
    assert code == 2
    (tmp_path / "cookies.txt").write_text("sessionid=hunter2")
    (tmp_path / "cookies.txt").chmod(0o644)
    result = check(MODELS + "secrets: {cookies: {tiktok: {file: cookies.txt}}}\n")
    assert "error   config.yaml:2: secrets.cookies.tiktok: " in result.stdout
    assert f"run: chmod 600 {tmp_path}/cookies.txt" in result.stdout
    assert "hunter2" not in result.output
    assert result.exit_code == 2
