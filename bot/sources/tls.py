"""TLS settings, made once a process: loading the public certificates takes 15 ms and some megabytes."""

from __future__ import annotations

import atexit
import functools
import ssl
import tempfile
from pathlib import Path

import certifi


@functools.lru_cache(maxsize=4)
def client_context(ca_pem: str | None) -> ssl.SSLContext:
    """A verifying client context that trusts `ca_pem` alone, or the public authorities where it is None.

    Not `ssl.create_default_context`, which would let the environment write the session keys to a file.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # some servers close a connection that names no protocol
    context.set_alpn_protocols(["http/1.1"])
    if ca_pem is not None:
        context.load_verify_locations(cadata=ca_pem)
    else:
        context.load_verify_locations(cafile=certifi.where())
    return context


@functools.lru_cache(maxsize=4)
def authority_file(ca_pem: str | None) -> str:
    """The same authorities as a file, for libraries that take nothing else; it is deleted when the process ends."""
    if ca_pem is None:
        return certifi.where()
    with tempfile.NamedTemporaryFile("w", prefix="doppelwatch-authority-", suffix=".pem", delete=False) as file:
        file.write(ca_pem)
    atexit.register(Path(file.name).unlink, missing_ok=True)
    return file.name


__all__ = ["authority_file", "client_context"]
