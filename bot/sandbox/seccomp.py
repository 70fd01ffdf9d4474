"""Refuse system calls: a filter of a few instructions that the kernel runs before each call (seccomp(2)).

Written by hand for the kernel's classic BPF machine. Bindings of libseccomp need that library from the system, which a
bare server lacks, and would bring a compiler of rules of which we need one kind: a list of numbers to refuse.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterable, Sequence

from bot.sandbox.kernel import no_new_privileges, syscall
from bot.sandbox.syscalls import ARCHITECTURES, Architecture

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _GET_ACTION_AVAIL = 1, 2
_TSYNC = 1

_KILL, _ERRNO, _ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000

# classic BPF: load a word of the data, compare, return
_LOAD, _AND, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16

_THREAD = 0x0001_0000
"""The flag of clone(2) that makes a thread and not a process (CLONE_THREAD)."""

Instruction = tuple[int, int, int, int]
"""Code, steps to jump if true and if false, operand."""


def unavailable() -> str | None:
    """Why calls cannot be refused on this machine, None where they can."""
    if sys.platform != "linux":
        return "it is no Linux"
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        return f"the numbers of system calls on {machine} are not known here"
    try:
        syscall(
            _SECCOMP[machine], ctypes.c_uint(_GET_ACTION_AVAIL), ctypes.c_uint(0), ctypes.byref(ctypes.c_uint32(_ERRNO))
        )
    except OSError as error:
        return f"the kernel has no seccomp filters ({error.strerror})"
    return None


def program(architecture: Architecture, refused: Iterable[str]) -> Sequence[Instruction]:
    """The filter that answers these calls with EPERM and lets all others through.

    Calls by another processor's convention end the process: nothing of ours makes one. Of `clone` only threads are let
    through. `clone3`, whose flags lie where a filter cannot look, is answered as unknown, so that the C library takes
    `clone`.
    """
    deny = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    body: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, architecture.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if architecture.foreign_from is not None:
        body += [(_AT_LEAST, 0, 1, architecture.foreign_from), deny]
    body += [(_EQUAL, 0, 1, architecture.numbers["clone3"]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    for number in (architecture.numbers[name] for name in refused if name in architecture.numbers):
        body += [(_EQUAL, 0, 1, number), deny]
    body += [
        (_EQUAL, 0, 3, architecture.numbers["clone"]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_SET, 1, 0, _THREAD),
        deny,
        (_RETURN, 0, 0, _ALLOW),
    ]
    return body


def refuse(names: Iterable[str]) -> None:
    """Refuse these calls to every thread of this process and to all that it will start, for good.

    Raises:
        OSError: the kernel does not take the filter.
    """
    machine = platform.machine()
    code = program(ARCHITECTURES[machine], names)
    packed = b"".join(struct.pack("HBBI", *one) for one in code)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer))
    no_new_privileges()
    syscall(_SECCOMP[machine], ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(_TSYNC), header)


__all__ = ["program", "refuse", "unavailable"]
