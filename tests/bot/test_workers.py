"""Worker processes may be lost: each way to lose one ends in a named error, and the pool goes on."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.workers import LimitedExecutor, TaskTimeout, WorkerDied


def double(number: int) -> int:
    return 2 * number


def sleep_long() -> None:
    time.sleep(60)


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def abort() -> None:
    ctypes.CDLL(None).abort()


def hang_in_native_code() -> None:
    """Sleep in C with the interpreter's lock held, so that no thread of this process can run, or be told anything."""
    ctypes.PyDLL(None).sleep(60)


def eat_memory() -> int:
    return len(bytearray(3_000_000_000))


def fail(message: str) -> None:
    raise ValueError(message)


def pid() -> int:
    return os.getpid()


def variable(name: str) -> str | None:
    return os.environ.get(name)


def threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def library_threads() -> int:
    """Threads of this process after numpy and OpenCV worked on something large."""
    import cv2
    import numpy as np

    big = np.ones((1200, 1200), np.float32)
    cv2.GaussianBlur(big @ big, (31, 31), 5)
    return threads()


def load_too_much() -> None:
    raise ImportError("libbig.so: failed to map segment from shared object")


def map_too_much() -> None:
    mmap.mmap(-1, 3_000_000_000)


def import_models() -> str:
    import onnxruntime

    import detectors.examine

    return f"{onnxruntime.__name__} {detectors.examine.__name__}"


class NeedsLibraries:
    """Comes apart in the worker by importing what the detectors need, as a real task does."""

    def __reduce__(self) -> tuple[object, ...]:
        return import_models, ()


@pytest.fixture(scope="module")
def executor() -> Iterator[LimitedExecutor]:
    with LimitedExecutor(1, memory_bytes=2_000_000_000, timeout_s=20) as made:
        yield made


def test_results_and_exceptions_come_back(executor: LimitedExecutor) -> None:
    assert executor.submit(double, 21).result() == 42
    with pytest.raises(ValueError, match="names the place"):
        executor.submit(fail, "names the place").result()


def test_a_hanging_task_is_killed_and_the_next_one_runs(executor: LimitedExecutor) -> None:
    started = time.monotonic()
    with pytest.raises(TaskTimeout, match=r"sleep_long did not end within 0.5 s"):
        executor.submit_within(0.5, sleep_long).result()
    assert time.monotonic() - started < 10
    assert executor.submit(double, 1).result() == 2


def test_a_killed_worker_is_replaced(executor: LimitedExecutor) -> None:
    with pytest.raises(WorkerDied, match="kill_self"):
        executor.submit(kill_self).result()
    assert executor.submit(double, 2).result() == 4


def test_a_task_that_hangs_in_native_code_is_killed_and_the_next_one_runs(executor: LimitedExecutor) -> None:
    """It hears no SIGTERM: the pool gives it three seconds, then SIGKILL."""
    started = time.monotonic()
    with pytest.raises(TaskTimeout, match=r"hang_in_native_code did not end within 0.2 s"):
        executor.submit_within(0.2, hang_in_native_code).result()
    assert time.monotonic() - started < 20
    assert executor.submit(double, 4).result() == 8


def test_a_native_crash_is_named_and_the_next_task_runs(executor: LimitedExecutor) -> None:
    with pytest.raises(WorkerDied, match=r"died during abort \(exit code -6\)"):
        executor.submit(abort).result()
    assert executor.submit(double, 3).result() == 6


@pytest.mark.parametrize("task", [eat_memory, map_too_much])
def test_memory_is_limited(executor: LimitedExecutor, task: Callable[[], object]) -> None:
    with pytest.raises(WorkerDied, match="more memory"):
        executor.submit(task).result()


def test_a_library_that_does_not_fit_names_the_limit(executor: LimitedExecutor) -> None:
    with pytest.raises(WorkerDied, match=r"limits\.memory"):
        executor.submit(load_too_much).result()
    # where the real ones run out, and whether they say so or die, depends on the machine; a lost worker it is always
    with LimitedExecutor(1, memory_bytes=450_000_000, timeout_s=20) as made, pytest.raises(WorkerDied):
        made.submit(import_models).result()


@pytest.mark.parametrize("pause_s", [0, 0.1, 0.5])
def test_a_worker_that_is_killed_while_it_waits_is_replaced(executor: LimitedExecutor, pause_s: float) -> None:
    """Whether the next task comes before anybody has noticed, or after; pebble's own pool breaks for good."""
    for _ in range(2):
        os.kill(executor.submit(pid).result(), signal.SIGKILL)
        time.sleep(pause_s)
        assert [one.result() for one in [executor.submit(double, number) for number in range(3)]] == [0, 2, 4]


def test_a_signal_that_a_service_manager_sends_to_all_ends_no_task(executor: LimitedExecutor) -> None:
    worker = executor.submit(pid).result()
    nap = executor.submit(time.sleep, 1)
    time.sleep(0.3)
    subprocess.run(["kill", "-TERM", str(worker)], check=True)
    assert nap.result() is None
    assert executor.submit(pid).result() == worker


def test_an_executor_that_was_shut_down_takes_nothing_more() -> None:
    executor = LimitedExecutor(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="takes no more tasks"):
        executor.submit(double, 1)


def test_workers_are_recycled_and_have_the_environment_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    environment: dict[str, str | None] = {"HTTPS_PROXY": None, "MARK": "set"}
    with LimitedExecutor(1, recycle_after=1, environment=environment) as made:
        assert made.submit(pid).result() != made.submit(pid).result()
        assert made.submit(variable, "HTTPS_PROXY").result() is None
        assert made.submit(variable, "MARK").result() == "set"


def test_workers_leave_when_their_parent_is_killed() -> None:
    """A kill -9 of the parent must not leave a worker behind in the middle of its task."""
    program = textwrap.dedent("""
        import time
        from bot.workers import LimitedExecutor
        from tests.bot.test_workers import pid, sleep_long
        if __name__ == "__main__":
            made = LimitedExecutor(1)
            print(made.submit(pid).result(), flush=True)
            made.submit(sleep_long)
            time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the worker outlived its parent")


def test_libraries_start_no_threads_that_would_eat_the_memory_limit(executor: LimitedExecutor) -> None:
    """On a machine with many cores each thread of OpenBLAS reserves 180 MB of the worker's address space."""
    before = executor.submit(threads).result()
    assert executor.submit(library_threads).result() == before


def test_too_little_memory_for_the_libraries_names_the_limit() -> None:
    with LimitedExecutor(1, memory_bytes=300_000_000, timeout_s=20) as made:
        for _ in range(2):
            with pytest.raises(WorkerDied, match=r"limits\.memory"):
                made.submit(double, NeedsLibraries()).result()  # type: ignore[arg-type]
