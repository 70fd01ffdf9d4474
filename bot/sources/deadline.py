"""An end for a whole exchange, where libraries know only an end for each read.

A page that drips one byte a second never runs into a read timeout. The cure is to cut the connection from
outside: a timer shuts down every socket that was opened under the deadline.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Deadline:
    """A context that cuts all its connections after some seconds.

    A cut body that ends with the connection looks complete to its reader: ask :attr:`passed` before
    believing a result.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut = False
        self._timer = threading.Timer(max(seconds, 0.001), self._fire)
        self._timer.daemon = True

    @property
    def passed(self) -> bool:
        """The time is over, and with it every connection."""
        return self._cut or time.monotonic() >= self._end

    @property
    def left_s(self) -> float:
        """Seconds until the end, never negative."""
        return max(self._end - time.monotonic(), 0.0)

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection too when the time is over."""
        # a duplicate, because wrapping a socket in TLS takes the descriptor away from its object
        duplicate = connection.dup()
        with self._lock:
            self._sockets.append(duplicate)
            cut = self._cut
        if cut:
            self._shut(duplicate)

    def _fire(self) -> None:
        with self._lock:
            self._cut = True
            for connection in self._sockets:
                self._shut(connection)

    @staticmethod
    def _shut(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side was quicker
            connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()


__all__ = ["Deadline"]
