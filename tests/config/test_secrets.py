"""Secrets: read from the environment or a file, refused in the configuration, and never echoed."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from bot.config import Config, Secret, Secrets, default
from bot.config.secrets import Cookies
from bot.errors import ConfigError, SourceError
from bot.sources.registry import ALL_SOURCES, SourceSettings, settings_of
from tests.config.conftest import Faults, Load

SECRET = "sessionid=hunter2"


@pytest.fixture
def cookie_file(tmp_path: Path) -> Path:
    path = tmp_path / "cookies.txt"
    path.write_text(SECRET)
    path.chmod(0o600)
    return path


FROM_FILE = "secrets:\n  cookies:\n    tiktok: {file: cookies.txt}\n"
FROM_ENVIRONMENT = "secrets: {cookies: {tiktok: {env: TIKTOK_COOKIES}}}\n"


def test_cookies_come_from_a_file(configured: Load, cookie_file: Path) -> None:
    config = configured(FROM_FILE)
    assert dict(config.cookies()) == {"tiktok": SECRET}
    assert "hunter2" not in repr(config) + str(config) + repr(settings_of(config))
    assert str(config.secrets.cookies["tiktok"]) == f"the file {cookie_file}"


def test_cookies_come_from_the_environment_when_they_are_asked_for(
    configured: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(FROM_ENVIRONMENT)
    monkeypatch.setenv("TIKTOK_COOKIES", SECRET)
    assert dict(config.cookies()) == {"tiktok": SECRET}
    assert "hunter2" not in repr(config) + config.model_dump_json()
    assert str(config.secrets.cookies["tiktok"]) == "the variable TIKTOK_COOKIES"


def test_the_default_has_none() -> None:
    assert dict(default().cookies()) == {}


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_variable_that_is_not_set_is_named(
    configured: Load, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("TIKTOK_COOKIES", raising=False)
    if value is not None:
        monkeypatch.setenv("TIKTOK_COOKIES", value)
    with pytest.raises(
        ConfigError, match=r"config\.yaml:1: secrets\.cookies\.tiktok: the variable TIKTOK_COOKIES is not"
    ):
        configured(FROM_ENVIRONMENT).cookies()


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o620, 0o601, 0o777])
def test_a_file_that_is_open_to_others_is_refused_with_the_remedy(
    configured: Load, cookie_file: Path, mode: int
) -> None:
    cookie_file.chmod(mode)
    with pytest.raises(ConfigError) as caught:
        configured(FROM_FILE).cookies()
    assert str(caught.value).endswith(
        f"config.yaml:3: secrets.cookies.tiktok: {cookie_file} is open to others (mode {mode:04o}); "
        f"run: chmod 600 {cookie_file}"
    )


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440])
def test_the_group_may_read(configured: Load, cookie_file: Path, mode: int) -> None:
    """A service often reads its secrets through a group of its own."""
    cookie_file.chmod(mode)
    assert dict(configured(FROM_FILE).cookies()) == {"tiktok": SECRET}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfehunter2", "is no UTF-8 text"),
        (b"x" * 1_000_001, "is larger than 1 MB"),
    ],
)
def test_a_file_without_a_usable_text_is_named(configured: Load, cookie_file: Path, content: bytes, says: str) -> None:
    cookie_file.write_bytes(content)
    with pytest.raises(ConfigError, match=f"cookies.txt {says}") as caught:
        configured(FROM_FILE).cookies()
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_missing_file_and_a_folder_are_named(configured: Load, tmp_path: Path) -> None:
    config = configured(FROM_FILE)
    with pytest.raises(
        ConfigError, match=r"cookies\.txt cannot be read \(No such file or directory\); correct the path"
    ):
        config.cookies()
    (tmp_path / "cookies.txt").mkdir(mode=0o700)
    with pytest.raises(ConfigError, match=r"cookies\.txt (is no regular file|cannot be read)"):
        config.cookies()


def test_a_pipe_is_not_waited_for(configured: Load, tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "cookies.txt", 0o600)
    with pytest.raises(ConfigError, match="is no regular file"):
        configured(FROM_FILE).cookies()


@pytest.mark.parametrize(
    "text",
    [
        "secrets: {cookies: {tiktok: sessionid=hunter2}}",
        "secrets: {cookies: {tiktok: [sessionid=hunter2]}}",
        "secrets: {cookies: {tiktok: {sessionid: hunter2}}}",
        "secrets: {cookies: {tiktok: {sessionid=hunter2: }}}",
        "secrets: {cookies: {tiktok: {env: sessionid=hunter2}}}",
        "secrets: {cookies: {tiktok: {file: sessionid=hunter2}}}",
        "secrets: {cookies: {tiktok: {env: A, file: sessionid=hunter2}}}",
        "secrets: {cookies: {tiktok: {env: hunter2.x}}}",
        "secrets: {cookies: {tiktok: {env: [hunter2]}}}",
        "secrets: {cookies: {tiktok: }}",
        "secrets: {cookies: {hunter2: {env: A}}}",
        "secrets: {cookies: sessionid=hunter2}",
        "secrets: {cookies: [sessionid=hunter2]}",
        "secrets: {sessionid=hunter2: }",
        "secrets: {hunter2: {env: A}, hunter2: {env: B}}",
        "secrets: {cookies: {tiktok: {hunter2: 1, hunter2: 2}}}",
        "secrets: sessionid=hunter2",
        "secrets: [hunter2]",
        "secrets: {cookies: {tiktok: 'sessionid=hunter2}}",
        "secrets: {cookies: {tiktok: *hunter2}}",
        "secrets: {cookies: {tiktok: !hunter2 x}}",
        "secrets: {cookies: {tiktok: {? [hunter2] : x}}}",
        "cookies: sessionid=hunter2",
        "cookies: {tiktok: sessionid=hunter2}",
    ],
)
def test_a_secret_in_the_configuration_is_refused_and_not_echoed(configured: Load, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(text)
    assert "config.yaml:1: " in str(caught.value)
    printed = "".join(traceback.format_exception(caught.value, chain=True))
    shown_lines = [line for line in printed.splitlines() if "configured(text)" not in line]
    assert not [line for line in shown_lines if "hunter2" in line]


def test_what_to_write_instead_is_said(faults: Faults) -> None:
    assert faults("secrets: {cookies: {tiktok: sessionid=hunter2}}") == [
        (
            "config.yaml:1: secrets.cookies.tiktok: must say where to read the secret: "
            "write {env: NAME} or {file: PATH}; "
            "the secret itself must not stand in this file"
        )
    ]
    assert faults("secrets: {cookies: {tiktok: {file: a=b; c=d}}}") == [
        (
            "config.yaml:1: secrets.cookies.tiktok.file: looks like the secret itself; save it in a file of its own "
            "and write the file's name here"
        )
    ]
    assert faults("secrets: {cookies: {instagram: {env: A}}}") == [
        (
            "config.yaml:1: secrets.cookies: holds a platform that takes no cookies; those that do: "
            "tiktok, youtube, twitch, kick, vimeo, vk"
        )
    ]
    assert faults("cookies: {tiktok: x}") == ["config.yaml:1: cookies: is no key here; did you mean secrets.cookies?"]


def test_the_platforms_are_those_whose_source_takes_cookies() -> None:
    taking = []
    for platform, make in ALL_SOURCES.items():
        try:
            make(SourceSettings(cookies={platform: "these are no cookies"}))
        except SourceError:
            taking.append(platform)
    assert tuple(taking) == Cookies.PLATFORMS


def test_a_secret_may_be_named_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(secrets=Secrets(cookies={"tiktok": Secret(env="TIKTOK_COOKIES")}))
    with pytest.raises(ConfigError, match=r"^secrets\.cookies\.tiktok: the variable TIKTOK_COOKIES is not set"):
        config.cookies()
    monkeypatch.setenv("TIKTOK_COOKIES", SECRET)
    assert dict(config.cookies()) == {"tiktok": SECRET}


def test_a_path_with_blanks_is_quoted_in_the_remedy(configured: Load, tmp_path: Path) -> None:
    path = tmp_path / "my cookies.txt"
    path.write_text(SECRET)
    path.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        configured("secrets: {cookies: {tiktok: {file: my cookies.txt}}}").cookies()
    assert str(caught.value).endswith(f"run: chmod 600 '{path}'")
