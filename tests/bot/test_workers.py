"""Worker processes may be lost: each way to lose one ends in a named error, and the pool goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest

from bot.workers import LimitedExecutor, TaskTimeout, WorkerDied


def double(number: int) -> int:
    return 2 * number


def sleep_long() -> None:
    time.sleep(60)


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def eat_memory() -> int:
    return len(bytearray(3_000_000_000))


def fail(message: str) -> None:
    raise ValueError(message)


def pid() -> int:
    return os.getpid()


def variable(name: str) -> str | None:
    return os.environ.get(name)


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


def test_memory_is_limited(executor: LimitedExecutor) -> None:
    with pytest.raises(WorkerDied, match="more memory"):
        executor.submit(eat_memory).result()


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
