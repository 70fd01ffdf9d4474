"""Numbers of the system calls that a worker has no use for, by architecture.

Sources: `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` of Linux 6.12; numbers never
change once they are given out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Architecture:
    """One kind of processor.

    Attributes:
        audit: its number in seccomp's data (`AUDIT_ARCH_*`).
        numbers: name of a system call to its number.
        foreign_from: numbers from here on belong to another convention of the same processor (x32); None without one.
    """

    audit: int
    numbers: Mapping[str, int]
    foreign_from: int | None = None


NETWORK = ("socket", "connect", "bind", "listen", "accept", "accept4")
"""What a process needs to speak to anybody; pairs of sockets that were handed over go on working."""

NEVER = (
    # another program, another process's memory
    "fork", "vfork", "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
    # another view of the machine
    "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "open_tree", "move_mount", "fsopen", "fsconfig",
    "fsmount", "open_by_handle_at", "mknodat",
    # the kernel itself
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "add_key",
    "request_key", "keyctl", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
    "swapon", "swapoff", "acct", "settimeofday", "clock_settime",
)  # fmt: skip
"""What no worker of ours does, and what takes over a machine is made of."""

_NEW = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "clone3": 435, "pidfd_getfd": 438,
}  # fmt: skip
"""Calls that are young enough to have one number everywhere."""

ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(
        0xC000003E,
        {
            "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "clone": 56, "fork": 57, "vfork": 58,
            "execve": 59, "ptrace": 101, "pivot_root": 155, "chroot": 161, "acct": 163,
            "settimeofday": 164, "mount": 165, "umount2": 166,
            "swapon": 167, "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176,
            "clock_settime": 227, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
            "mknodat": 259, "unshare": 272,
            "accept4": 288, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
            "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320, "bpf": 321,
            "execveat": 322, "userfaultfd": 323, **_NEW,
        },
        foreign_from=0x4000_0000,
    ),
    "aarch64": Architecture(
        0xC00000B7,
        {
            "mknodat": 33, "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "acct": 89, "unshare": 97,
            "kexec_load": 104, "init_module": 105, "delete_module": 106, "clock_settime": 112, "ptrace": 117,
            "reboot": 142, "settimeofday": 170, "socket": 198, "bind": 200, "listen": 201, "accept": 202,
            "connect": 203, "add_key": 217, "request_key": 218, "keyctl": 219, "clone": 220, "execve": 221,
            "swapon": 224,
            "swapoff": 225, "perf_event_open": 241, "accept4": 242, "open_by_handle_at": 265, "setns": 268,
            "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280,
            "execveat": 281, "userfaultfd": 282, "kexec_file_load": 294, **_NEW,
        },
    ),
}  # fmt: skip
"""Machines by the name that `uname -m` gives."""


__all__ = ["ARCHITECTURES", "NETWORK", "NEVER", "Architecture"]
