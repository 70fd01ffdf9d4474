"""Give up rights on files and the network: Landlock, which a process imposes on itself (landlock(7)).

Three system calls, made by hand: what exists as a package on the registry wraps the same three.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.sandbox.kernel import no_new_privileges, syscall

# one number on every processor
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION = 1
_BENEATH = 1

_EXECUTE, _WRITE_FILE = 1 << 0, 1 << 1
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE = sum(1 << bit for bit in range(6, 13))
"""Making of devices, folders, files, sockets, pipes and links."""

_REFER, _TRUNCATE, _DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
_SINCE = ((2, _REFER), (3, _TRUNCATE), (5, _DEVICE_CONTROL))
"""Rights by the version of the interface that brought them."""

_NETWORK_SINCE, _BIND_AND_CONNECT = 4, 0b11
_SCOPES_SINCE, _SOCKETS_AND_SIGNALS = 6, 0b11


def version() -> int:
    """The version of the kernel's interface, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    try:
        return syscall(_CREATE, ctypes.c_void_p(None), ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    except OSError:
        return 0


def restrict(writable: Iterable[Path], *, network: bool) -> None:
    """Give up, for good, writing but to these files and below these folders, executing, and TCP without `network`.

    Holds for the calling thread and what it starts, so that it belongs before any other thread. Reading stays: what is
    examined, models and libraries lie wherever people put them.

    Raises:
        OSError: the kernel refused, or a path is not there.
    """
    has = version()
    rights = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE | sum(right for since, right in _SINCE if has >= since)
    ports = _BIND_AND_CONNECT if has >= _NETWORK_SINCE and not network else 0
    scopes = _SOCKETS_AND_SIGNALS if has >= _SCOPES_SINCE else 0
    attributes = struct.pack("QQQ", rights | _EXECUTE, ports, scopes)
    size = 24 if has >= _SCOPES_SINCE else 16 if has >= _NETWORK_SINCE else 8
    rules = syscall(_CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in writable:
            _allow(rules, path, rights if path.is_dir() else rights & (_WRITE_FILE | _TRUNCATE))
        no_new_privileges()
        syscall(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, handle)
        syscall(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(handle)


__all__ = ["restrict", "version"]
