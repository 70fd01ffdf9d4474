"""TLS settings, made once a process: loading the public certificates takes 15 ms and some megabytes."""

from __future__ import annotations

import functools
import ssl

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


__all__ = ["client_context"]
