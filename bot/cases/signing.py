"""Signing a manifest with an Ed25519 key of the operator, so that `openssl pkeyutl` can check it."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bot.errors import ConfigError

HOW = "make one with: openssl genpkey -algorithm ed25519 -out signing.pem"


def private_key(pem: str) -> Ed25519PrivateKey:
    """The operator's key, which signs a manifest.

    Raises:
        ConfigError: the key is no private Ed25519 key without a password; the message holds no part of it.
    """
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError(f"is no private key in PEM without a password; {HOW}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"is a key of another kind than Ed25519; {HOW}")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half of a key, by which others check what it signed."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signature_fits(signature: bytes, manifest: bytes, public_pem: bytes) -> bool:
    """Whether the signature is one of this manifest by this key."""
    try:
        key = load_pem_public_key(public_pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, manifest)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


__all__ = ["private_key", "public_pem", "signature_fits"]
