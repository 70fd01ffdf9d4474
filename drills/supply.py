"""What the program is made of, and whether something in it is known to be weak: an SBOM, and pip-audit's answer.

The bill (CycloneDX 1.6, JSON) holds the packages that an installation brings, those of extras as optional, and the
models with their hashes; tools of development are not in it. Weaknesses are asked of the advisory service by
pip-audit; where that does not answer, nobody could be asked, which is said and is no failure.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.runner import Failed, Figures, Options
from bot import __version__
from detectors.model_set import ROLES, bundled

NAME = "doppelwatch"
EXTRAS = ("ocr", "c2pa", "impersonate", "apprise", "timestamps")
"""Extras that a user may install; those of training and development are nobody's installation."""

BILL = Path("dist") / "sbom.cdx.json"
PATIENCE_S = 90


@dataclass(frozen=True, slots=True)
class Audit:
    """What pip-audit said: weaknesses by package, or None where nobody could be asked, and why."""

    weak: Mapping[str, tuple[str, ...]] | None
    why: str = ""


def run(options: Options) -> Figures:
    """Write the bill and ask for weaknesses.

    Figures: `sbom` (where it was written), `packages`, `optional` (of these, only with an extra), `models`, `asked`
    (whether the service answered), `why_not`, `vulnerable_tools` (packages of development with known weaknesses, and
    the advisories), `seconds`.

    Raises:
        Failed: a package of the bill has a known weakness.
    """
    started = time.monotonic()
    packages = installed()
    task = options.progress.add_task("supply", total=2)
    BILL.parent.mkdir(exist_ok=True)
    BILL.write_text(bill(packages), encoding="utf-8")
    options.progress.advance(task)
    audit = ask()
    options.progress.advance(task)
    weak = audit.weak or {}
    ours = {name: ids for name, ids in weak.items() if name in packages}
    if ours:
        told = "; ".join(f"{name}: {', '.join(ids)}" for name, ids in sorted(ours.items()))
        raise Failed(f"known weaknesses in what we depend on ({told}); take a version that mends them")
    return {
        "sbom": str(BILL),
        "packages": len(packages),
        "optional": sum(packages.values()),
        "models": len(ROLES),
        "asked": audit.weak is not None,
        "why_not": audit.why,
        "vulnerable_tools": {name: list(ids) for name, ids in weak.items()},
        "seconds": round(time.monotonic() - started, 1),
    }


def installed(name: str = NAME, extras: Iterable[str] = EXTRAS) -> Mapping[str, bool]:
    """The packages that an installation brings here; true where only an extra does. What lacks is left out."""
    needed = _closure(name, ())
    return {one: one not in needed for one in sorted(needed | _closure(name, tuple(extras)))}


def _closure(name: str, extras: tuple[str, ...]) -> set[str]:
    """Everything that a package requires here, with these extras."""
    found: set[str] = set()
    waiting = deque([(name, extras)])
    while waiting:
        current, wanted = waiting.popleft()
        try:
            lines = importlib.metadata.requires(current) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for requirement in map(Requirement, lines):
            marker = requirement.marker
            if marker is not None and not any(marker.evaluate({"extra": one}) for one in (*wanted, "")):
                continue
            inner = canonicalize_name(requirement.name)
            if inner not in found and _is_installed(inner):
                found.add(inner)
                waiting.append((inner, tuple(requirement.extras)))
    return found


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def bill(packages: Mapping[str, bool]) -> str:
    """The bill of materials as JSON."""
    made = Bom()
    whole = Component(name=NAME, version=__version__, type=ComponentType.APPLICATION)
    made.metadata.component = whole
    for name, optional in packages.items():
        version = importlib.metadata.version(name)
        made.components.add(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                purl=PackageURL("pypi", name=name, version=version),
                scope=ComponentScope.OPTIONAL if optional else ComponentScope.REQUIRED,
                licenses=_licences(name),
            )
        )
    for role in ROLES:
        path = bundled(role)
        digest = path.with_suffix(".toml").read_text(encoding="utf-8").partition('sha256 = "')[2][:64]
        made.components.add(
            Component(
                name=path.name,
                version=__version__,
                type=ComponentType.MACHINE_LEARNING_MODEL,
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            )
        )
    made.register_dependency(whole, made.components)
    return JsonV1Dot6(made).output_as_string(indent=1)


def _licences(name: str) -> list[DisjunctiveLicense]:
    """What the package says of its licence, in one line; nothing where it says nothing."""
    metadata = importlib.metadata.metadata(name)
    told = next((metadata[key] for key in ("License-Expression", "License") if key in metadata), "")
    line = told.strip().splitlines()[0][:100] if told.strip() else ""
    return [DisjunctiveLicense(name=line)] if line else []


def ask(command: Iterable[str] = (sys.executable, "-m", "pip_audit")) -> Audit:
    """Ask pip-audit about everything that is installed here."""
    places = {str(one.locate_file("")) for one in importlib.metadata.distributions()}
    paths = [part for place in sorted(places) if place.endswith("-packages") for part in ("--path", place)]
    try:
        done = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off", "--timeout", "10", *paths],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Audit(None, f"could not be asked: no answer within {PATIENCE_S} s")
    except ValueError:
        said = done.stderr.strip().splitlines()
        return Audit(None, f"could not be asked: {said[-1][:300] if said else 'pip-audit said nothing'}")
    weak = {
        str(canonicalize_name(one["name"])): tuple(str(found["id"]) for found in one["vulns"])
        for one in told["dependencies"]
        if one.get("vulns")
    }
    return Audit(weak)


__all__ = ["Audit", "ask", "bill", "installed", "run"]
