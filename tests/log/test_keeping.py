"""The log as it is written: by real handlers into real files, and by real processes."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.log import Shape, keep_log, learn, write_to_stderr
from bot.log.lines import LONGEST, lines_of
from bot.workers import LimitedExecutor
from tests.conftest import make_config

SECRET = "s3cr3t-of-the-mail-server"

HOSTILE = (
    "a\nb", "a\r\nWARNING forged: line", "\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "a\u2028b", "a\u2029b",
    "\u202egnp.exe", "nul\x00", "back\x08space", "lone \ud800", "tab\tbed", "zero\u200bwidth", "\x85n", "%s %d %(x)s",
)  # fmt: skip
"""Texts of strangers that would act in a terminal, or begin a line of their own."""


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Handlers and level of the test process are its own again afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_one_line_in_which_nothing_acts(tmp_path: Path, text: str, shape: Shape) -> None:
    file = tmp_path / "log" / "watch.log"
    # those of the test runner keep the text for its report, and a lone surrogate cannot be sent from worker to runner
    logging.getLogger().handlers.clear()
    with keep_log(make_config(tmp_path, log={"file": str(file), "format": str(shape)})):
        logging.getLogger("bot.test").warning("%s: was seen", text)
        logging.getLogger(f"bot.{text}").info("a name of a logger")
        try:
            raise ValueError(text)
        except ValueError:
            logging.getLogger("bot.test").exception("it broke")
    written = file.read_bytes().decode("utf-8")
    assert all(letter == "\n" or letter.isprintable() for letter in written)
    if shape is Shape.JSON:
        told = [json.loads(line) for line in written.splitlines()]
        assert [one["level"] for one in told] == ["warning", "info", "error"]
        assert told[0]["message"] == f"{text}: was seen"
        assert f"ValueError: {text}" in told[2]["trace"]
    else:
        heads = [line for line in written.split("\n") if line and not line.startswith("  | ")]
        assert len(heads) == 3, "whatever else a text brought stands behind a bar"


@pytest.mark.parametrize("shape", Shape)
def test_no_secret_is_written_also_not_in_a_trace(tmp_path: Path, shape: Shape) -> None:
    file = tmp_path / "watch.log"
    learn(SECRET)
    with keep_log(make_config(tmp_path, log={"file": str(file), "format": str(shape)})):
        logging.getLogger("bot.test").warning("login %s refused", SECRET)
        logging.getLogger("bot.test").warning("a longer text", extra={"password": SECRET})
        logging.getLogger("bot.test").warning("x" * (LONGEST - 5) + SECRET)
        try:
            try:
                raise OSError(f"http://u:{SECRET}@proxy.example refused")
            except OSError as error:
                raise RuntimeError("while polling") from error
        except RuntimeError:
            logging.getLogger("bot.test").exception("it broke")
    written = file.read_text(encoding="utf-8")
    assert SECRET[:6] not in written
    assert "***" in written
    assert "while polling" in written, "the trace itself is kept"


def test_files_rotate_and_are_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "watch.log"
    before = os.umask(0)
    try:
        with keep_log(make_config(tmp_path, log={"file": str(file), "size": "10 kB", "keep": 2})):
            for number in range(400):
                logging.getLogger("bot.test").warning("line %d %s", number, "x" * 60)
    finally:
        os.umask(before)
    assert sorted(one.name for one in file.parent.iterdir()) == ["watch.log", "watch.log.1", "watch.log.2"]
    for one in file.parent.iterdir():
        assert one.stat().st_size <= 10_000
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "line 399 " in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ConfigError, match=r"config\.yaml:\d+: log\.file: .*cannot be written \(.*\); name a file"),
        keep_log(make_config(tmp_path, log={"file": str(tmp_path / "file" / "watch.log")})),
    ):
        raise AssertionError("it was opened")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "watch.log").symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(ConfigError, match=r"cannot be written \(is a link\)"),
        keep_log(make_config(tmp_path, log={"file": str(tmp_path / "watch.log")})),
    ):
        raise AssertionError("it was opened")
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_is_told_once_and_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "watch.log"
    learn(SECRET)
    with keep_log(make_config(tmp_path, log={"file": str(file)})):
        handler = logging.getLogger().handlers[-1]
        assert isinstance(handler, RotatingFileHandler)
        whole = handler.stream
        full = Path("/dev/full").open("w")  # noqa: SIM115  (closing it fails as well)
        handler.stream = full
        for _ in range(3):
            logging.getLogger("bot.test").warning("%s", SECRET)
        handler.stream = whole
        logging.getLogger("bot.test").warning("again")
        with suppress(OSError):
            full.close()
    assert "again" in file.read_text()
    told = capsys.readouterr().err
    assert SECRET not in told
    why = "The log cannot be written (No space left on device); lines are lost until it can."
    assert [line for line in told.splitlines() if line.startswith("The log")] == [why]


def test_a_line_whose_arguments_do_not_fit_is_kept() -> None:
    record = logging.LogRecord("library", logging.WARNING, "", 0, "%d of %d", ("one",), None)
    assert "WARNING library: %d of %d (its arguments do not fit" in lines_of(Shape.TEXT).format(record)


def test_without_a_file_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_to_stderr(logging.WARNING)
    with keep_log(make_config(tmp_path, log={"format": "json"})):
        logging.getLogger("bot.test").warning("seen\x1b[2J")
        logging.getLogger("bot.test").info("not asked for")
    assert json.loads(capsys.readouterr().err)["message"] == "seen\x1b[2J"
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


def _say(text: str) -> None:
    logging.getLogger("bot.test").warning("%s", text)


def test_workers_write_the_same_lines(capfd: pytest.CaptureFixture[str]) -> None:
    write_to_stderr(logging.WARNING, Shape.JSON)
    with LimitedExecutor(1, timeout_s=30) as executor:
        executor.submit(_say, "http://u:hunter2@h/\x1b[2J").result()
    # a worker that is measured and ends late prints a trace of what measures it
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    said = json.loads(line)
    assert (said["level"], said["message"]) == ("warning", "http://***@h/\x1b[2J")
    assert said["process"] != os.getpid()


BROKEN = """
import bot.cli, click
from bot.log import learn
learn({secret!r})
@click.command()
def command() -> None:
    raise RuntimeError("\\x1b[2J" + {secret!r} + "\\nError: forged")
bot.cli.main.get_command = lambda ctx, name: command
bot.cli.main(["demo"])
"""


def test_a_fault_of_ours_is_told_without_secret_and_without_escapes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN.format(secret=SECRET)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "CRITICAL bot.log.keeping: this is a fault of Doppelwatch; please report it" in done.stderr
    assert r"RuntimeError: \u001b[2J***" in done.stderr
    assert SECRET not in done.stderr
    assert "\x1b" not in done.stderr
    assert not any(line.startswith("Error:") for line in done.stderr.splitlines())


def test_a_very_long_message_is_cut() -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 0, "y" * 1_000_000, None, None)
    assert LONGEST < len(lines_of(Shape.TEXT).format(record)) < LONGEST + 200
