"""A time-stamping authority: `openssl ts -reply` behind a server on the loopback."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from bot.sources.dialer import MapDialer

HOST = "tsa.example"
ADDRESS = f"http://{HOST}/tsr"

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = tests
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[tsa]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
basicConstraints = critical, CA:FALSE
[tsr]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def _openssl(folder: Path, *arguments: str, **more: bytes) -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return bytes(done.stdout)


class Authority:
    """A context in which it answers.

    Attributes:
        pem: its certificates, as it would publish them.
        status: what it answers with instead of 200.
        replay: answers with this instead of a stamp of what was asked.
        asked: the questions that came.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self.status = 200
        self.replay: bytes | None = None
        self.asked: list[bytes] = []
        (folder / "openssl.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        new = ("req", "-config", "openssl.cnf", "-newkey", "rsa:2048", "-nodes")
        _openssl(folder, *new, "-x509", "-extensions", "ca", "-subj", "/CN=root", "-keyout", "ca.key", "-out", "ca.pem")
        _openssl(folder, *new, "-subj", "/CN=authority", "-keyout", "tsa.key", "-out", "tsa.csr")
        _openssl(
            folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "30", "-extfile", "openssl.cnf", "-extensions", "tsa", "-out", "tsa.pem",
        )  # fmt: skip
        self.pem = (folder / "ca.pem").read_bytes()
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(authority.status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dialer = MapDialer({HOST: ("127.0.0.1", self._server.server_address[1])})

    def answer(self, question: bytes) -> bytes:
        """A stamp of what was asked."""
        self.asked.append(question)
        if self.replay is not None:
            return self.replay
        (self._folder / "question.tsq").write_bytes(question)
        return _openssl(
            self._folder, "ts", "-reply", "-config", "openssl.cnf", "-section", "tsr", "-queryfile", "question.tsq",
            "-signer", "tsa.pem", "-inkey", "tsa.key",
        )  # fmt: skip

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
