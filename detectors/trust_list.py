"""A trust list: certificates in PEM that the signers of content credentials may go back to."""

from __future__ import annotations

import re
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate

from detectors.container import shown_name
from detectors.errors import ModelError

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def count_certificates(trust_list: Path) -> int:
    """How many certificates a trust list holds, each of which can be read.

    Raises:
        ModelError: the file is missing, cannot be read, holds no certificate, or one that is damaged.
    """
    name = shown_name(trust_list)
    try:
        text = trust_list.read_text("ascii")
    except OSError as error:
        raise ModelError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{name}: is no PEM file; those hold plain letters alone") from error
    found = _PEM.findall(text)
    if not found:
        raise ModelError(f"{name}: holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
    for number, one in enumerate(found, start=1):
        try:
            load_pem_x509_certificate(one.encode("ascii"))
        except ValueError as error:
            raise ModelError(f"{name}: certificate {number} of {len(found)} is damaged; fetch the list anew") from error
    return len(found)


__all__ = ["count_certificates"]
