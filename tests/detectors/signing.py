"""Sign small files with content credentials of our own, by certificates made on the spot."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from detectors.provenance_manifest import SOURCE_TYPES

BEFORE = "xmp:iid:before"
"""By which the action *opened* names what the file was made from."""

_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the chain and the key in PEM, and the root by itself."""

    chain: bytes
    key: bytes
    root: bytes


def signer(organisation: str = "Test signer") -> Signer:
    """A signer with a root of its own."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("Test root"), _name(organisation)
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, is_root=True)
    leaf = _certificate(name, root_name, key.public_key(), root_key, is_root=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Signer(leaf + root, private, root)


def sign(path: Path, by: Signer, actions: Sequence[dict[str, Any]], parent: Path | None = None) -> Path:
    """Write beside the file a signed one whose manifest tells these actions; `parent` is what it was made from."""
    tells = {
        "claim_generator_info": [{"name": "Test program", "version": "7"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}],
    }
    made = io.BytesIO()
    with (
        c2pa.Builder(json.dumps(tells)) as builder,
        c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(alg=b"es256", sign_cert=by.chain, private_key=by.key, ta_url=None)
        ) as hand,
    ):
        if parent is not None:
            relation = json.dumps({"title": "before", "relationship": "parentOf", "instance_id": BEFORE})
            builder.add_ingredient(relation, "video/mp4", io.BytesIO(parent.read_bytes()))
        builder.sign(hand, "video/mp4", io.BytesIO(path.read_bytes()), made)
    signed = path.with_name(f"{path.stem}_signed{path.suffix}")
    signed.write_bytes(made.getvalue())
    return signed


def action(name: str, source: str | None = None) -> dict[str, Any]:
    """One action, if wanted with a digital source type."""
    told: dict[str, Any] = {"action": f"c2pa.{name}"}
    if source is not None:
        told["digitalSourceType"] = f"{SOURCE_TYPES}{source}"
    if name == "opened":
        told["parameters"] = {"ingredientIds": [BEFORE]}
    return told


def _name(organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, organisation),
        ]
    )


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> bytes:
    now = datetime.now(UTC)
    used = ("key_cert_sign", "crl_sign") if is_root else ("digital_signature",)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in used for usage in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if not is_root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    return made.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
