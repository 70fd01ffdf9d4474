"""Find the subjects, run one, and say its figures: progress to stderr, one JSON object as the last line of stdout."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Figures = Mapping[str, Any]

EXIT_FAILED = 1
EXIT_USAGE = 2

_NOT_SUBJECTS = frozenset({"__main__", "runner"})


class CannotRun(Exception):
    """The subject lacks something that it needs; the message names it and the remedy."""


class Failed(Exception):
    """The subject found what must not be; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a subject is told: `quick` asks for a form that fits a test suite, `data` is the folder of shared data."""

    quick: bool
    data: Path
    progress: Progress
    given: argparse.Namespace = field(default_factory=argparse.Namespace)
    """The subject's own options, where it has an `add_arguments`."""


def default_data() -> Path:
    """The folder of shared data: $DOPPELWATCH_DATA, else ../shared/data beside the checkout; it may be absent."""
    named = os.environ.get("DOPPELWATCH_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


def subjects(package: ModuleType) -> tuple[str, ...]:
    """Names of the files in a package that are subjects, sorted."""
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in names if name not in _NOT_SUBJECTS and not name.startswith("_")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subject of `benchmarks`; returns the exit code (0 done, 1 could not run, 2 unknown subject)."""
    import benchmarks

    return run_subject(benchmarks, "benchmarks", arguments)


def run_subject(package: ModuleType, program: str, arguments: Sequence[str] | None) -> int:
    """Parse a command line, run the subject it names, print its figures."""
    names = subjects(package)
    parser = argparse.ArgumentParser(
        prog=f"python -m {program}",
        description=f"{package.__doc__} Subjects: {', '.join(names)}.",
    )
    parser.add_argument("name", metavar="NAME", help=f"one of: {', '.join(names)}")
    parser.add_argument("--json", action="store_true", help="only the JSON object on stdout, no table on stderr")
    parser.add_argument("--quick", action="store_true", help="a short form that fits the test suite")
    parser.add_argument("--data", type=Path, default=None, help="folder of shared data (default: ../shared/data)")
    given, _ = parser.parse_known_args(arguments)
    err = Console(stderr=True, highlight=False)
    if given.name not in names:
        err.print(
            f"there is no subject {given.name!r}; the subjects are: {', '.join(names)}", markup=False, soft_wrap=True
        )
        return EXIT_USAGE
    subject = importlib.import_module(f"{package.__name__}.{given.name}")
    if hasattr(subject, "add_arguments"):
        subject.add_arguments(parser)
    given = parser.parse_args(arguments)
    run: Callable[[Options], Figures] = subject.run
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        try:
            data = given.data if given.data is not None else default_data()
            figures = run(Options(given.quick, data, progress, given))
        except (CannotRun, Failed) as reason:
            err.print(f"{given.name}: {reason}", markup=False, soft_wrap=True)
            return EXIT_FAILED
    if not given.json:
        for key, value in figures.items():
            err.print(f"{key:28} {value}", markup=False)
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    return 0
