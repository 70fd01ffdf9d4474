"""The command line: one file per command, gathered here.

Each command file exposes `command`. Files are imported when their command runs, so that `--help`
starts fast and works where heavy parts are broken.
"""

from __future__ import annotations

import importlib
import logging
from typing import Any

import click

from bot import __version__
from bot.errors import BotError
from bot.log import redacted, watch_interpreter, write_to_stderr
from bot.visible import visible

COMMANDS: dict[str, str] = {
    "init": "Write a starter configuration.",
    "check": "Validate configuration, models and references without polling.",
    "once": "Poll what is due, examine it, write the digest.",
    "run": "Stay and do so on schedule, until stopped.",
    "scan": "Examine files or addresses now, without a store.",
    "evaluate": "Measure the forgery finding on labelled clips.",
    "digest": "Write, preview or list digests of what has been judged.",
    "deliver": "Send what waits, test a channel, or list deliveries.",
    "status": "Tell how the watch is going.",
    "explain": "Print how the verdict on a post came about.",
    "review": "Keep what a person decided on a post.",
    "verify": "Check the evidence against its custody log.",
    "export": "Write a case into one file that anybody can check.",
    "release": "Let a case go, so that its files are deleted.",
    "purge": "Delete all that there is of a person, for good.",
    "backup": "Write the whole store into one file.",
    "restore": "Make a store of a backup.",
    "quality": "Tell how many alerts were confirmed or false.",
    "lookalikes": "Ask the platforms which handles like a person's exist.",
    "models": "List the models; check, add, calibrate or pull one.",
    "demo": "Watch a made-up platform on this machine, offline.",
}
"""Every command and its line in the overview; `doppelwatch NAME` lives in bot/cli/NAME.py."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"bot.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


class _Main(_Commands):
    """The root: turns our error trees into one clear message and the right exit code."""

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        """Run as the command of a process of its own, whose faults become lines of the log."""
        watch_interpreter()
        return super().__call__(*arguments, **more)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BotError as error:
            _say(error)
            ctx.exit(error.exit_code)
        except Exception as error:
            if not _is_ours(error):
                raise
            _say(error)
            ctx.exit(BotError.exit_code)


def _say(error: Exception) -> None:
    """Print an error's own lines; names of files and addresses in them may come from outside."""
    for line in redacted(str(error)).splitlines():
        click.echo(f"Error: {visible(line)}", err=True)


def _is_ours(error: Exception) -> bool:
    """Tell whether an error belongs to the trees of the other two packages, which are slow to import."""
    from detectors.errors import DetectorError
    from storage.errors import StorageError

    return isinstance(error, DetectorError | StorageError)


@click.group(
    cls=_Main,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: doppelwatch demo",
)
@click.version_option(__version__, prog_name="doppelwatch")
@click.option("-v", "--verbose", is_flag=True, help="Say more on standard error.")
def main(verbose: bool) -> None:
    """Watch public profiles for impersonation of the people you protect."""
    write_to_stderr(logging.INFO if verbose else logging.WARNING)


__all__ = ["COMMANDS", "main"]
