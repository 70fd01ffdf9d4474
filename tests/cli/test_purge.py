"""`doppelwatch purge`: asks, refuses, deletes, and says what is left to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.config import load
from bot.lock import hold
from drills._purge_home import PEOPLE, left_of, needles, prepare
from tests.cli.conftest import invoke, lines


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("purge")
    prepare(home, with_demo=False)
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "watch"))


def test_it_deletes_and_names_what_is_left_to_a_person(home: Path) -> None:
    wanted = needles(load(home / "config.yaml"), PEOPLE[0])
    assert left_of(home, wanted)[0]
    result = invoke("purge", PEOPLE[0], "--yes", "--cases", "--config", home / "config.yaml")
    assert result.exit_code == 0, result.output
    assert f"Purged: {PEOPLE[0]}. 2 embeddings, 2 accounts, 6 posts, 6 cases, 1 look-alike." in result.output
    assert "Every byte of store, pages and messages was searched: nothing is left." in result.output
    assert "people[0] still names them" in result.output
    assert left_of(home, wanted)[0] == []
    assert invoke("verify", "--config", home / "config.yaml").exit_code == 0


def test_files_of_the_log_that_tell_of_the_person_go(home: Path) -> None:
    path, folder = home / "config.yaml", home / "log"
    told = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump({**told, "log": {"file": str(folder / "[watch].log")}}, allow_unicode=True), "utf-8")
    folder.mkdir()
    for name, words in {"[watch].log": PEOPLE[0], "[watch].log.1": PEOPLE[1], "[watch].log.12": PEOPLE[0]}.items():
        (folder / name).write_text(f"2026-11-25T06:30:00.123Z WARNING bot.enrol: {words}: jane.jpg: no face\n", "utf-8")
    result = invoke("purge", PEOPLE[0], "--yes", "--cases", "--config", path)
    assert result.exit_code == 0, result.output
    assert [one.name for one in folder.iterdir()] == ["[watch].log.1"]


def test_json_says_the_same(home: Path) -> None:
    (told,) = lines(invoke("purge", PEOPLE[1], "--yes", "--cases", "--json", "--config", home / "config.yaml").stdout)
    assert (told["posts"], len(told["cases"]), told["traces"]) == (6, 6, [])
    assert told["rows"]["posts"] == 6
    assert told["messages"]
    assert told["redacted"]


def test_cases_that_were_not_released_are_not_lost_by_mistake(home: Path) -> None:
    result = invoke("purge", PEOPLE[0], "--yes", "--config", home / "config.yaml")
    assert result.exit_code == 1
    assert "6 cases not released (1, 2, 3, 4, 5, 6); export what may still be needed" in result.output


def test_without_a_terminal_it_wants_to_be_told(home: Path) -> None:
    result = invoke("purge", PEOPLE[0], "--cases", "--config", home / "config.yaml")
    assert result.exit_code == 2
    assert "give --yes" in result.output


def test_an_unknown_name_is_refused_with_the_known_ones(home: Path) -> None:
    result = invoke("purge", "Somebody Else", "--yes", "--config", home / "config.yaml")
    assert result.exit_code == 2
    assert "nothing is known of Somebody Else" in result.output
    assert PEOPLE[2] in result.output


def test_a_running_watch_is_not_disturbed(home: Path) -> None:
    with hold(home / "store"):
        result = invoke("purge", PEOPLE[0], "--yes", "--cases", "--config", home / "config.yaml")
    assert result.exit_code == 3


def test_a_person_who_left_the_configuration_can_be_purged(home: Path) -> None:
    path = home / "config.yaml"
    told = yaml.safe_load(path.read_text("utf-8"))
    told["people"] = [one for one in told["people"] if one["name"] != PEOPLE[0]]
    path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    result = invoke("purge", PEOPLE[0], "--yes", "--cases", "--config", path)
    assert result.exit_code == 0, result.output
    assert "still names them" not in result.output


def test_a_note_of_the_users_own_is_not_deleted_but_told_with_exit_code_5(home: Path) -> None:
    note = home / "digests" / "notes" / "mine.txt"
    note.parent.mkdir()
    note.write_text(f"call {PEOPLE[0]}", "utf-8")
    result = invoke("purge", PEOPLE[0], "--yes", "--cases", "--config", home / "config.yaml")
    assert result.exit_code == 5
    assert f"Still found in 1 place:\n  {note}" in result.output
    assert note.exists()
