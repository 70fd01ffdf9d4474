"""What each kind of worker may do, put into force by whatever the kernel has: Landlock, seccomp, resource limits.

A decoder that is taken over by a file should find itself in a process that can speak to nobody, start nothing, write
nowhere, and only give back a result. Linux alone can enforce that; where a part cannot be had, the rest holds, and
`doppelwatch status` says what lacks. Both mechanisms are used because each covers what the other cannot: seccomp knows
calls and not paths, Landlock knows paths and TCP ports and not other families of sockets.
"""

from __future__ import annotations

import logging
import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox import landlock, seccomp
from bot.sandbox.syscalls import NETWORK, NEVER

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a worker may do.

    Attributes:
        network: it may open connections.
        writable: files, and folders below which it may write; None for anywhere.
        file_bytes: largest file that it may write; None for any.
        open_files: files that it may have open at once.
    """

    network: bool = False
    writable: tuple[Path, ...] | None = (Path(os.devnull),)
    file_bytes: int | None = 16_000_000
    open_files: int = 256


EXAMINING = Confinement()
"""Decoding and inference: no network, no file written."""

FETCHING = Confinement(network=True, writable=None, file_bytes=None)
"""Sources: the network, through the door, and files; but no other program, and nothing of the kernel."""


@dataclass(frozen=True, slots=True)
class Enforced:
    """What is in force, or could be on this machine.

    Attributes:
        landlock: version of the interface, 0 without.
        seccomp: calls are refused.
        lacking: what is not in force, each with why, for people.
    """

    landlock: int = 0
    seccomp: bool = False
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Nothing lacks."""
        return not self.lacking


def enforceable() -> Enforced:
    """What this machine could enforce; changes nothing."""
    version, why = landlock.version(), seccomp.unavailable()
    lacking = {}
    if not version:
        lacking["landlock"] = "the kernel has no Landlock (Linux 5.13 and newer do, where it is switched on)"
    if why is not None:
        lacking["seccomp"] = why
    return Enforced(version, why is None, lacking)


def confine(wanted: Confinement) -> Enforced:
    """Give up, in this process and for good, what is not wanted; call it before any thread is started.

    What the kernel cannot enforce, or refuses to (some containers forbid the calls), is in the result and logged.
    """
    limits = {resource.RLIMIT_NOFILE: wanted.open_files, resource.RLIMIT_CORE: 0}
    if wanted.file_bytes is not None:
        limits[resource.RLIMIT_FSIZE] = wanted.file_bytes
    for limit, value in limits.items():
        most = resource.getrlimit(limit)[1]
        bounded = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (bounded, bounded))
    could = enforceable()
    lacking = dict(could.lacking)
    version, filtered = could.landlock, could.seccomp
    if version and wanted.writable is not None:
        try:
            landlock.restrict(wanted.writable, network=wanted.network)
        except OSError as error:
            version, lacking["landlock"] = 0, f"the kernel refused it ({error.strerror})"
    if filtered:
        try:
            seccomp.refuse(NEVER if wanted.network else (*NETWORK, *NEVER))
        except OSError as error:
            filtered, lacking["seccomp"] = False, f"the kernel refused it ({error.strerror})"
    for what, why in lacking.items():
        log.info("a worker is not confined by %s: %s", what, why)
    return Enforced(version, filtered, lacking)


__all__ = ["EXAMINING", "FETCHING", "Confinement", "Enforced", "confine", "enforceable"]
