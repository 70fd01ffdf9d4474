"""The floors of the house: which package may import which, and what the public pages promise."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.sources.registry import capabilities
from bot.sources.table import with_table

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "detectors": {"bot", "storage", "templates", "training", "benchmarks", "drills", "tests"},
    "storage": {"bot", "detectors", "templates", "training", "benchmarks", "drills", "tests"},
    "templates": {"bot", "detectors", "storage", "training", "benchmarks", "drills", "tests"},
    "bot": {"training", "benchmarks", "drills", "demo_media", "tests", "torch"},
}


def _imports(path: Path) -> set[str]:
    """The top-level names of everything that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", FORBIDDEN)
def test_no_package_imports_upwards(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    wrong = {str(path): sorted(found) for path in files if (found := _imports(path) & FORBIDDEN[package])}
    assert wrong == {}


def test_the_readme_names_every_command_and_platform() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert re.search(rf"^\| `{name}\b", text, re.MULTILINE), name
    assert with_table(text) == text, "run: python -m bot.sources"
    for name in capabilities():
        assert re.search(rf"^\| {name} \|", text, re.MULTILINE), name


def test_every_promise_of_security_names_what_holds_it() -> None:
    rows = [
        line
        for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| boundary"))
    ]
    assert len(rows) >= 10
    for row in rows:
        files = re.findall(r"`(tests/[\w/]+\.py)`", row)
        drills = re.findall(r"`python -m drills (\w+)`", row)
        assert files or drills, row
        for name in (*files, *(f"drills/{one}.py" for one in drills)):
            assert (ROOT / name).is_file(), name
