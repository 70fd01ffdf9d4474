"""The C library's `syscall` and `prctl`, with errors as Python has them."""

from __future__ import annotations

import ctypes
import os

_PR_SET_NO_NEW_PRIVS = 38


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *arguments: object) -> int:
    """Make a system call.

    Raises:
        OSError: the kernel refused, or does not know it.
    """
    call = _libc().syscall
    call.restype = ctypes.c_long
    result = int(call(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def no_new_privileges() -> None:
    """Let nothing that this process starts have more rights than it has; needed before it may confine itself.

    Raises:
        OSError: the kernel refused.
    """
    zero = ctypes.c_ulong(0)
    if _libc().prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


__all__ = ["no_new_privileges", "syscall"]
