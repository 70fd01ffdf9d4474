"""`doppelwatch init`: a starter that is private, never overwrites, and is valid as it stands."""

from __future__ import annotations

import resource
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.config import default_text, load


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_starter_is_the_commented_example_and_valid(tmp_path: Path) -> None:
    result = init()
    assert result.exit_code == 0
    path = tmp_path / "config.yaml"
    assert path.read_text(encoding="utf-8") == default_text()
    config = load(path)
    assert (config.people, config.accounts) == ((), ())
    assert list(tmp_path.iterdir()) == [path]


def test_the_next_steps_are_told() -> None:
    lines = init().stdout.splitlines()
    assert lines[0] == "Wrote config.yaml, readable by you alone. Next:"
    assert [line.split("  ")[1] for line in lines[2:]] == [
        "2. doppelwatch check",
        "3. doppelwatch once",
        "4. doppelwatch run",
    ]


def test_the_next_steps_name_the_file_where_it_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "my watch").mkdir()
    result = init("my watch/jane[1].yaml")
    assert "doppelwatch check --config 'my watch/jane[1].yaml'" in result.stdout
    assert (tmp_path / "my watch" / "jane[1].yaml").is_file()


@pytest.mark.parametrize("arguments", [(), ("--force",)])
def test_the_starter_is_readable_by_its_owner_alone(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Whom one protects and watches is private."""
    assert init(*arguments).exit_code == 0
    assert stat.S_IMODE((tmp_path / "config.yaml").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("people: []\n")
    result = init()
    assert result.exit_code == 2
    assert result.stderr == "Error: config.yaml: is there already; name another file, or replace it with --force\n"
    assert (tmp_path / "config.yaml").read_text() == "people: []\n"


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert init().exit_code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_force_replaces_the_file_whole(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("people: []\n")
    (tmp_path / "config.yaml").symlink_to(tmp_path / "other.yaml")
    assert init("--force").exit_code == 0
    assert (tmp_path / "config.yaml").read_text(encoding="utf-8") == default_text()
    assert (tmp_path / "other.yaml").read_text() == "people: []\n"
    assert {path.name for path in tmp_path.iterdir()} == {"config.yaml", "other.yaml"}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    result = init(str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path}: is a folder; name a file in it, such as {tmp_path}/config.yaml\n"


@pytest.mark.parametrize("arguments", [(), ("--force",)])
def test_a_missing_folder_is_named(arguments: tuple[str, ...]) -> None:
    result = init("none/config.yaml", *arguments)
    assert result.exit_code == 2
    assert result.stderr == "Error: none/config.yaml: there is no folder none; make it first\n"


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        results = [init(), init("--force")]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [result.exit_code for result in results] == [1, 1]
    assert [result.stderr for result in results] == ["Error: config.yaml: cannot be written: File too large\n"] * 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = init("file/config.yaml")
    assert result.exit_code == 1
    assert result.stderr == "Error: file/config.yaml: cannot be written: Not a directory\n"
