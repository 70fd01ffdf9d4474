"""Worker processes that may be lost: limited in memory and time, replaced when they die.

Decoding hostile video and running extractors that cannot be cancelled both need a process that can
be killed. `concurrent.futures.ProcessPoolExecutor` breaks for good when one of its workers dies, so
the pool is pebble's; this face makes it a real :class:`concurrent.futures.Executor`, which is the
seam that a cluster executor can take as well.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import math
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from typing import Any, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import BotError
from bot.log import Shape, shape_on_stderr, write_to_stderr
from bot.sandbox import EXAMINING, Confinement, confine

P = ParamSpec("P")
T = TypeVar("T")


NO_START = "the worker process cannot load its libraries; give it more memory (limits.memory)"
"""A process that dies before it has its first task: the address space is too small for the imports."""

TOO_LARGE = ("failed to map segment", "cannot map zero-fill pages", "Cannot allocate memory")
"""What the C library's loader says of a shared object for which no memory is left."""

LOST_AFTER_S = 0.5
"""How long a task may be in a pool that broke before it is taken as lost."""


CPU_SHARE = 2.0
"""Processor time of a task in its time limit: decoding uses several threads, and some hundred would use them all."""


class TaskTimeout(BotError):
    """The task did not end within its time; its process was killed."""


class WorkerDied(BotError):
    """The worker process ended while it held the task: out of memory, killed, or a native crash."""


def _leave_with_parent() -> None:
    """End this process when its parent is gone, even in the middle of a task.

    A parent that was killed outright cannot tell its workers; orphans would go on writing into
    folders that the next run cleans.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _leave_when_told() -> None:
    """End this process on SIGTERM from its parent, and from nobody else.

    Service managers send the signal to every process of a service at once. The parent then wants to
    commit the item in hand, which its worker must be alive for.
    """
    parent = os.getppid()
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != parent:
        pass
    os._exit(1)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start threads and processes that begin with SIGINT and SIGTERM held back.

    A process inherits this from the thread that starts it, here the caller's or, when one is replaced, a
    thread of the pool. Otherwise a signal to the whole group would end it before it could say otherwise.
    """
    # it is started with the first process and lets these signals through again
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker(
    memory_bytes: int | None,
    environment: tuple[tuple[str, str | None], ...],
    confinement: Confinement | None,
    shape: Shape,
) -> None:
    """Set up a fresh worker: limits, signals, environment, and what it gives up."""
    write_to_stderr(logging.WARNING, shape)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # also where it was not started with it held
    if memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # each thread of a library's pool reserves address space (OpenBLAS 180 MB), so that a machine with many cores
    # would break the memory limit before any work; parallel work is for parallel tasks
    os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold other people's faces
    for name, value in environment:
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if confinement is not None:
        confine(confinement)  # before any thread, which would be left out
    threading.Thread(target=_leave_when_told, name="leave-when-told", daemon=True).start()
    threading.Thread(target=_leave_with_parent, name="leave-with-parent", daemon=True).start()


def _within_cpu_time(seconds: float | None, task: Callable[[], T]) -> T:
    """Run a task in a worker; the kernel ends the process when it has used so much processor time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = hard if seconds is None else math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    return task()


class LimitedExecutor(Executor):
    """A process pool whose tasks have a time limit and whose processes are confined.

    Args:
        max_workers: how many processes run at once.
        memory_bytes: address space of each process (RLIMIT_AS); None for no limit.
        timeout_s: seconds for each task, counted from its start, not from its submission.
        recycle_after: a process is replaced after that many tasks; None never.
        environment: variables to set in the workers, or to remove where the value is None.
        confinement: what the workers may do; None for whatever this process may.

    A task may use :data:`CPU_SHARE` times its seconds of processor time.

    A future raises :class:`TaskTimeout` when its time ran out, :class:`WorkerDied` when its process
    died or could not even start, and otherwise whatever the function raised.
    """

    def __init__(
        self,
        max_workers: int = 1,
        *,
        memory_bytes: int | None = None,
        timeout_s: float | None = None,
        recycle_after: int | None = None,
        environment: dict[str, str | None] | None = None,
        confinement: Confinement | None = EXAMINING,
    ) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._can_start = False
        """A worker was seen at work: a pool that breaks later can be replaced."""
        self._shut = threading.Event()
        self._given: dict[Future[Any], ProcessPool] = {}
        """The pool's futures that are not done, each with the pool that has its task."""
        self._watching = False
        self._make_pool = partial(
            ProcessPool,
            max_workers=max_workers,
            max_tasks=recycle_after or 0,
            initializer=_prepare_worker,
            initargs=(memory_bytes, tuple((environment or {}).items()), confinement, shape_on_stderr()),
            # spawn, not fork: a forked child would share the parent's database handle and locks
            context=multiprocessing.get_context("spawn"),
        )
        self._pool: ProcessPool = self._make_pool()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn(*args, **kwargs)` in a worker with the executor's own time limit."""
        return self.submit_within(self._timeout_s, fn, *args, **kwargs)

    def submit_within(
        self, timeout_s: float | None, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run `fn(*args, **kwargs)` in a worker; it is killed after `timeout_s` seconds.

        Raises:
            RuntimeError: the executor was shut down.
        """
        outer: Future[T] = Future()
        self._schedule(outer, timeout_s, partial(fn, *args, **kwargs), getattr(fn, "__name__", "task"))
        return outer

    def _schedule(
        self, outer: Future[T], timeout_s: float | None, task: Callable[[], T], name: str, *, again: bool = True
    ) -> None:
        """Hand a task to the pool and its result to `outer`."""

        def hand_over(done: Future[Any]) -> None:
            with self._lock:
                self._given.pop(done, None)
            broken = not done.cancelled() and isinstance(done.exception(), BrokenProcessPool)
            if broken and self._can_start and again and not outer.cancelled():
                # a process died while it waited for work, and this task came before anybody had noticed
                with contextlib.suppress(RuntimeError):  # shut down meanwhile
                    self._schedule(outer, timeout_s, task, name, again=False)
                    return
            self._can_start = self._can_start or not broken
            if outer.set_running_or_notify_cancel():
                _settle(outer, done, name, timeout_s)

        with self._lock, _signals_held():
            pool = self._living_pool()
            cpu_s = None if timeout_s is None else CPU_SHARE * timeout_s
            inner = pool.schedule(partial(_within_cpu_time, cpu_s, task), timeout=timeout_s)
            self._given[inner] = pool
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="watch-pool", daemon=True).start()
        inner.add_done_callback(hand_over)

    def _living_pool(self) -> ProcessPool:
        """The pool, or a new one in its place: pebble's breaks for good when a process dies without a task."""
        if self._shut.is_set():
            raise RuntimeError("the executor was shut down and takes no more tasks")
        if not self._pool.active:
            broken, self._pool = self._pool, self._make_pool()
            # its other processes end beside us: this may run on a thread of the broken pool itself
            threading.Thread(target=_end, args=(broken,), name="end-broken-pool", daemon=True).start()
        return self._pool

    def _watch(self) -> None:
        """Give up the tasks that a pool lost: one that breaks forgets those that it has not looked at yet."""
        suspects: set[Future[Any]] = set()
        while not self._shut.wait(LOST_AFTER_S):
            with self._lock:
                lost = {inner for inner, pool in self._given.items() if not pool.active}
            for inner in lost & suspects:  # it had the time to say so itself
                with contextlib.suppress(InvalidStateError):
                    inner.set_exception(BrokenProcessPool("the pool broke before the task began"))
            suspects = lost

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the pool: let running tasks end, or stop them at once with `cancel_futures`."""
        with self._lock:
            self._shut.set()
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        if wait:
            self._pool.join()
            for inner in list(self._given):
                inner.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.shutdown(wait=True, cancel_futures=kind is not None)


def _settle(outer: Future[T], done: Future[T], name: str, timeout_s: float | None) -> None:
    """Give `outer` the result of the pool's future, its errors by our names."""
    error = WorkerDied(f"{name} was cancelled because the executor shut down") if done.cancelled() else done.exception()
    if error is None:
        outer.set_result(done.result())
    elif isinstance(error, FutureTimeout) and timeout_s is not None:
        outer.set_exception(TaskTimeout(f"{name} did not end within {timeout_s:g} s and was stopped"))
    elif isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGXCPU:
        outer.set_exception(TaskTimeout(f"{name} used more processor time than it may and was stopped"))
    elif isinstance(error, ProcessExpired):
        outer.set_exception(WorkerDied(f"the worker process died during {name} (exit code {error.exitcode})"))
    elif isinstance(error, BrokenProcessPool) or _is_too_large(error):
        outer.set_exception(WorkerDied(NO_START))
    elif isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        outer.set_exception(WorkerDied(f"{name} needed more memory than its worker process may have"))
    else:
        outer.set_exception(error)


def _is_too_large(error: BaseException | None) -> bool:
    """Whether a library did not fit into the memory of the process; only the loader's words tell so."""
    return isinstance(error, ImportError) and any(words in str(error) for words in TOO_LARGE)


def _end(pool: ProcessPool) -> None:
    """Stop a pool and its processes."""
    pool.stop()
    pool.join()


__all__ = ["LimitedExecutor", "TaskTimeout", "WorkerDied"]
