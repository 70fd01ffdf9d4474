"""The command as a whole: help that is fast and shows how, errors in one line, exit codes, documentation."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import bot
from bot import errors
from bot.cli import COMMANDS, main
from tests.cli.conftest import ENTRY, doppelwatch, invoke
from tests.conftest import write_config

ROOT = Path(__file__).parents[2]
HEAVY = {"cv2", "av", "onnxruntime", "yt_dlp"}
LATER = {"numpy", "sqlite_utils", "pydantic", "httpx", "apscheduler", "jinja2", "rich"}


def imported(*calls: str) -> tuple[set[str], list[str]]:
    """Which modules some calls import in one process, and what each of them prints."""
    program = (
        "import sys\nfrom bot.cli import main\n"
        "for call in sys.argv[1:]:\n"
        "    try: main(call.split(), prog_name='doppelwatch')\n"
        "    except SystemExit as left: assert left.code == 0, left.code\n"
        "    print('\\f', end='')\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *calls], capture_output=True, text=True, check=True)
    return set(done.stderr.split()), done.stdout.split("\f")[:-1]


def test_the_overview_imports_nothing_heavy() -> None:
    modules, (told,) = imported("--help")
    assert not modules & (HEAVY | LATER)
    for name, purpose in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(purpose)}$", told, re.MULTILINE), name


def test_the_help_of_every_command_shows_an_example_and_loads_no_detector() -> None:
    modules, told = imported(*(f"{name} --help" for name in COMMANDS))
    assert not modules & HEAVY
    for name, text in zip(COMMANDS, told, strict=True):
        assert text.startswith(f"Usage: doppelwatch {name}")
        assert f"Example: doppelwatch {name}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_documented(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, click.Command)
    assert command.help
    assert command.epilog
    assert command.epilog.startswith(f"Example: doppelwatch {name}")
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")
    if any("--json" in parameter.opts for parameter in command.params):
        assert f"doppelwatch {name} --json" in (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_the_examples_are_calls_that_the_commands_take(tmp_path: Path) -> None:
    """Each example is parsed by its own command; nothing of it is run."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.epilog is not None
        _, _, example = command.epilog.partition(f"doppelwatch {name}")
        words = shlex.split(example.partition("|")[0])
        command.make_context(name, words)


def test_the_exit_codes_are_documented() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| (\d) \| (.+?) \|$", page, re.MULTILINE))
    tree: list[type[errors.BotError]] = [errors.BotError, *errors.BotError.__subclasses__()]
    codes = {str(one.exit_code) for one in tree} | {"0", str(errors.EXIT_PARTIAL)}
    assert set(table) == codes


def test_version_and_a_command_that_is_not_there() -> None:
    assert invoke("--version").output == f"doppelwatch, version {bot.__version__}\n"
    unknown = invoke("wacth")
    assert unknown.exit_code == 2
    assert "No such command" in unknown.output


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BotError("it failed"), 1),
        (errors.ConfigError("config.yaml:1: wrong"), 2),
        (errors.UsageError("cannot be"), 2),
        (errors.StoreBusy("held"), 3),
        (errors.SourceError("no source"), 4),
    ],
)
def test_each_error_is_one_line_with_its_code(
    error: errors.BotError, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.cli import status

    def fail(path: Path) -> None:
        raise error

    monkeypatch.setattr(status, "load", fail)
    result = invoke("status")
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"Error: {error}\n")


def test_errors_of_the_other_packages_are_ours_too(tmp_path: Path) -> None:
    result = invoke("status", "--config", write_config(tmp_path))
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"Error: {tmp_path}/store/doppelwatch.db: there is no store yet; run `doppelwatch once` first\n"
    )


def test_a_name_from_outside_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    result = invoke("status", "--config", tmp_path / "\x1b[31m\u202egpj.yaml")
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
    assert "\\u001b[31m\\u202egpj.yaml" in result.stderr


def test_a_fault_of_ours_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.cli import status

    def fail(path: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(status, "load", fail)
    assert isinstance(invoke("status").exception, ZeroDivisionError)


@pytest.mark.parametrize("arguments", [["scan", "--json"], ["scan"]])
def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path, arguments: list[str]) -> None:
    """`doppelwatch ... | head -1`: no traceback when the pipe closes."""
    missing = [str(tmp_path / f"{number}.mp4") for number in range(300)]
    with subprocess.Popen(
        [*ENTRY, *arguments, *missing], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        if "--json" in arguments:
            assert command.stdout.readline().startswith('{"source"')
        command.stdout.close()
        told = command.stderr.read()
    assert "Traceback" not in told
    assert "BrokenPipe" not in told
    assert command.returncode in (1, 5)


def test_the_configuration_may_stand_in_the_environment(tmp_path: Path) -> None:
    import os

    path = write_config(tmp_path, wrong=1)
    done = doppelwatch("status", env={**os.environ, "DOPPELWATCH_CONFIG": str(path)})
    assert done.returncode == 2
    assert str(path) in done.stderr
