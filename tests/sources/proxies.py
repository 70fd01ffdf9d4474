"""A proxy of the tests, as an operator has one."""

from __future__ import annotations

import base64
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """A proxy on loopback that reaches one server whatever host is asked for, and writes down who asked for what."""

    behind: tuple[str, int]
    login: str | None = None
    answer: bytes | None = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1)
        lines = head.decode().split("\r\n")
        self.asked.append(lines[0])
        wanted = self.login and f"Proxy-Authorization: Basic {base64.b64encode(self.login.encode()).decode()}"
        if self.answer is not None or (wanted and wanted not in lines):
            connection.sendall(self.answer or b"HTTP/1.1 407 Login\r\n\r\n")
            connection.close()
            return
        connection.sendall(b"HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n")
        other = socket.create_connection(self.behind)
        threading.Thread(target=_copy, args=(other, connection), daemon=True).start()
        _copy(connection, other)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
