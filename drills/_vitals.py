"""What a process and those that it started hold: memory, open files, as the kernel tells it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of one process: resident memory in MB and open files; `workers_mb` of those below it together."""

    rss_mb: float
    files: int
    workers_mb: float
    workers: int


def vitals(pid: int) -> Vitals:
    """How a process is now.

    Raises:
        OSError: it is gone.
    """
    below = children(pid)
    together = 0.0
    for one in below:
        with contextlib.suppress(OSError):  # it ended meanwhile
            together += _rss_mb(one)
    return Vitals(_rss_mb(pid), len(list((PROC / str(pid) / "fd").iterdir())), round(together, 1), len(below))


def children(pid: int) -> list[int]:
    """The processes below one, at any depth, those that it started first in front."""
    parents: dict[int, int] = {}
    for path in PROC.iterdir():
        if path.name.isdecimal():
            with contextlib.suppress(OSError, IndexError, ValueError):
                # the name in brackets may hold anything
                parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    level = [pid]
    while level:
        level = sorted(one for one, parent in parents.items() if parent in level)
        found += level
    return found


def folder_mb(folder: Path) -> float:
    """Size of all files below a folder in MB."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return round(total / 1e6, 2)


def _rss_mb(pid: int) -> float:
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0  # a process that has ended and was not waited for


__all__ = ["PROC", "Vitals", "children", "folder_mb", "vitals"]
