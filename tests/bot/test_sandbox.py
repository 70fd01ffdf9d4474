"""What a worker gives up, tried from within a worker; on a kernel that cannot enforce it, that this is said."""

from __future__ import annotations

import errno
import os
import platform
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import sandbox
from bot.sandbox import EXAMINING, FETCHING, Confinement, enforceable, landlock, seccomp
from bot.sandbox.syscalls import ARCHITECTURES, NETWORK, NEVER
from bot.workers import LimitedExecutor, TaskTimeout

WHOLE = pytest.mark.skipif(not enforceable().complete, reason="this kernel cannot enforce it")


def tried(name: str, place: str) -> str:
    """What comes of something that a taken-over decoder would try."""
    attempts: dict[str, Callable[[], object]] = {
        "socket": socket.socket,
        "six": lambda: socket.socket(socket.AF_INET6),
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "raw socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "look-up": lambda: socket.getaddrinfo("example.org", 80),
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": os.fork,
        "write": lambda: Path(place, "new").write_text("x"),
        "change": lambda: Path(place, "there").write_text("x"),
        "delete": lambda: Path(place, "there").unlink(),
        "make": lambda: Path(place, "folder").mkdir(),
        "link": lambda: Path(place, "link").symlink_to("/etc/passwd"),
        "chroot": lambda: os.chroot(place),
        "read": lambda: Path(place, "there").read_text(),
        "nothing": lambda: Path(os.devnull).write_text("x"),
        "pair": lambda: len(socket.socketpair()),
        "thread": lambda: threading.Thread(target=int).start(),
        "many files": lambda: [os.open(Path(place, "there"), os.O_RDONLY) for _ in range(300)],
        "core": lambda: resource.getrlimit(resource.RLIMIT_CORE),
        "large file": lambda: Path(place, "large").write_bytes(bytes(40_000_000)),
        "models": _models,
    }
    try:
        return f"ok {attempts[name]()!r}"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    except subprocess.SubprocessError as error:
        return type(error).__name__


def _models() -> str:
    import av
    import onnxruntime

    import detectors.examine

    return f"{av.__name__} {onnxruntime.__name__} {detectors.examine.__name__}"


def burn() -> None:
    until = time.monotonic() + 110
    while time.monotonic() < until:
        pass


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    (folder / "there").write_text("what was there")
    return folder


@pytest.fixture(scope="module")
def examining() -> Iterator[LimitedExecutor]:
    with LimitedExecutor(1, memory_bytes=3_000_000_000, timeout_s=60) as made:
        yield made


@WHOLE
@pytest.mark.parametrize(
    "name",
    [
        "socket", "six", "local socket", "raw socket", "look-up", "exec", "program", "fork", "write", "change",
        "delete", "make", "link", "chroot",
    ],
)  # fmt: skip
def test_a_taken_over_decoder_can_do_nothing(examining: LimitedExecutor, place: Path, name: str) -> None:
    assert examining.submit(tried, name, str(place)).result() in ("EPERM", "EACCES", "gaierror", "ENOSYS")
    assert [path.name for path in place.iterdir()] == ["there"]
    assert (place / "there").read_text() == "what was there"


@pytest.mark.parametrize("name", ["read", "nothing", "pair", "thread", "models"])
def test_an_honest_one_can_work(examining: LimitedExecutor, place: Path, name: str) -> None:
    assert examining.submit(tried, name, str(place)).result().startswith("ok ")


def test_files_and_core_are_limited(examining: LimitedExecutor, place: Path) -> None:
    assert examining.submit(tried, "many files", str(place)).result() == "EMFILE"
    assert examining.submit(tried, "core", str(place)).result() == "ok (0, 0)"


@WHOLE
def test_a_source_has_the_network_and_starts_no_program(place: Path) -> None:
    with LimitedExecutor(1, timeout_s=60, confinement=FETCHING) as executor:
        assert executor.submit(tried, "socket", str(place)).result().startswith("ok ")
        assert executor.submit(tried, "program", str(place)).result() in ("EPERM", "ENOSYS")
        assert executor.submit(tried, "fork", str(place)).result() in ("EPERM", "ENOSYS")


@WHOLE
def test_one_folder_can_be_left_writable_within_a_size(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    allowed = Confinement(writable=(tmp_path / "in",), file_bytes=10_000_000)
    with LimitedExecutor(1, timeout_s=60, confinement=allowed) as executor:
        assert executor.submit(tried, "write", str(tmp_path / "in")).result().startswith("ok ")
        assert executor.submit(tried, "write", str(tmp_path / "out")).result() == "EACCES"
        assert executor.submit(tried, "large file", str(tmp_path / "in")).result() == "EFBIG"


def test_processor_time_is_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import workers

    monkeypatch.setattr(workers, "CPU_SHARE", 0.01)
    with LimitedExecutor(1, timeout_s=120) as executor, pytest.raises(TaskTimeout, match="processor time"):
        executor.submit(burn).result()


def test_a_kernel_that_cannot_is_told_and_the_rest_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(seccomp, "unavailable", lambda: "it is no Linux")
    limits = []
    monkeypatch.setattr("bot.sandbox.confinement.resource.setrlimit", lambda what, value: limits.append(what))
    enforced = sandbox.confine(EXAMINING)
    assert enforced == enforceable()
    assert not enforced.complete
    assert enforced.lacking.keys() == {"landlock", "seccomp"}
    assert resource.RLIMIT_FSIZE in limits


def test_a_kernel_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(landlock, "version", lambda: 4)
    monkeypatch.setattr(seccomp, "unavailable", lambda: None)
    monkeypatch.setattr(landlock, "restrict", refuse)
    monkeypatch.setattr(seccomp, "refuse", refuse)
    monkeypatch.setattr("bot.sandbox.confinement.resource.setrlimit", lambda what, value: None)
    enforced = sandbox.confine(EXAMINING)
    assert (enforced.landlock, enforced.seccomp) == (0, False)
    assert "refused it (Operation not permitted)" in enforced.lacking["seccomp"]


def test_every_call_has_a_number_and_every_jump_lands() -> None:
    for machine, architecture in ARCHITECTURES.items():
        missing = {name for name in (*NETWORK, *NEVER) if name not in architecture.numbers}
        assert missing <= ({"fork", "vfork"} if machine == "aarch64" else set())
        assert len(set(architecture.numbers.values())) == len(architecture.numbers), machine
        code = seccomp.program(architecture, (*NETWORK, *NEVER))
        for place, (operation, yes, no, _) in enumerate(code):
            if operation in (0x15, 0x35, 0x45):
                assert place + 1 + max(yes, no) < len(code)
        assert code[-1][0] == 0x06


@pytest.mark.skipif(platform.machine() not in ARCHITECTURES, reason="no such machine here")
def test_the_numbers_are_those_of_this_machines_headers() -> None:
    """Where the kernel's headers are installed, each number is compared with theirs."""
    headers = [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h")]
    found = next((one for one in headers if one.is_file()), None)
    if found is None:
        pytest.skip("no headers of the kernel")
    defined = {
        words[1].removeprefix("__NR_"): int(words[2])
        for line in found.read_text(encoding="utf-8").splitlines()
        if len(words := line.split()) == 3 and words[1].startswith("__NR_") and words[2].isdigit()
    }
    architecture = ARCHITECTURES[platform.machine()]
    known = {name: number for name, number in architecture.numbers.items() if name in defined}
    assert len(known) > 30
    assert known == {name: defined[name] for name in known}
