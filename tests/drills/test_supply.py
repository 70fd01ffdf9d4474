"""The bill of materials, and what is made of the advisory service's answer or silence."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest
from rich.progress import Progress

import drills
from benchmarks.runner import Failed, Options, run_subject
from detectors.model_set import ROLES, bundled
from drills import supply

OPTIONS = Options(quick=True, data=Path(), progress=Progress(disable=True))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "BILL", tmp_path / "dist" / "sbom.cdx.json")


def answering(*weak: str) -> list[str]:
    """A command that answers as pip-audit does: exit code 1 where there is a weakness."""
    found = [{"name": name, "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]} for name in weak]
    told = json.dumps({"dependencies": [*found, {"name": "click", "version": "8", "vulns": []}], "fixes": []})
    return [sys.executable, "-c", f"print({told!r}); raise SystemExit({len(weak)})"]


def test_the_bill_names_packages_and_models() -> None:
    packages = supply.installed()
    assert {"yt-dlp", "numpy", "onnxruntime", "httpcore"} <= set(packages), "also what is needed by others"
    assert not {"pytest", "mypy", "torch", "pip-audit"} & set(packages), "tools are nobody's installation"
    assert (packages["apprise"], packages["numpy"]) == (True, False)
    told = json.loads(supply.bill(packages))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    by_name = {one["name"]: one for one in told["components"]}
    assert set(packages) | {f"{role}.onnx" for role in ROLES} == set(by_name)
    assert by_name["numpy"]["purl"].startswith("pkg:pypi/numpy@")
    assert by_name["apprise"]["scope"] == "optional"
    digest = hashlib.sha256(bundled("faces").read_bytes()).hexdigest()
    assert by_name["faces.onnx"]["hashes"] == [{"alg": "SHA-256", "content": digest}]


def test_a_known_weakness_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(supply, "ask", lambda: real(answering("NumPy")))
    with pytest.raises(Failed, match=r"numpy: PYSEC-1\); take a version that mends them"):
        supply.run(OPTIONS)
    assert run_subject(drills, "drills", ["supply", "--json"]) == 1
    assert "numpy: PYSEC-1" in capsys.readouterr().err


real = supply.ask


def test_a_weakness_of_a_tool_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "ask", lambda: real(answering("pytest")))
    figures = supply.run(OPTIONS)
    assert (figures["asked"], figures["vulnerable_tools"]) == (True, {"pytest": ["PYSEC-1"]})
    assert supply.BILL.is_file()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ([sys.executable, "-c", "raise SystemExit('ERROR: no route to host')"], "could not be asked: ERROR: no route"),
        ([sys.executable, "-c", "pass"], "could not be asked: pip-audit said nothing"),
    ],
)
def test_a_service_that_does_not_answer_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, command: list[str], why: str
) -> None:
    monkeypatch.setattr(supply, "ask", lambda: real(command))
    figures = supply.run(OPTIONS)
    assert figures["asked"] is False
    assert figures["why_not"].startswith(why)


def test_a_service_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "PATIENCE_S", 0.2)
    audit = real([sys.executable, "-c", "import time; time.sleep(20)"])
    assert (audit.weak, audit.why) == (None, "could not be asked: no answer within 0.2 s")


@pytest.mark.slow
def test_pip_audit_itself_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setitem(os.environ, "no_proxy", "")
    audit = real()
    assert audit.weak is None
    assert audit.why.startswith("could not be asked: ")
