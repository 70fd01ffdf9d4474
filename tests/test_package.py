"""The wheel is the whole product: it holds what the demo needs and runs without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without asking any index."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("doppelwatch-*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`doppelwatch` in an environment of its own: the wheel and its dependencies, nothing of the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    # the dependencies come from where the tests have them, so that nothing is downloaded; a folder that is added
    # by a .pth file does not have its own .pth files read, which is how the editable checkout stays out
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    (Path(paths["purelib"]) / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return folder / "bin" / "doppelwatch"


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "DOPPELWATCH"))}


def test_the_wheel_holds_templates_models_media_and_the_default_configuration(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "bot/py.typed",
        "detectors/py.typed",
        "storage/py.typed",
        "templates/py.typed",
        "bot/config/default.yaml",
        "detectors/models/faces.onnx",
        "detectors/models/faces.toml",
        "detectors/models/forgery.onnx",
        "detectors/models/forgery.toml",
        "detectors/models/voice.onnx",
        "detectors/models/voice.toml",
        "bot/demo/media/deep_golf.mp4",
    } <= names
    assert any(name.startswith("templates/") and name.endswith(".html") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot", "detectors", "storage", "templates"}


def test_the_installed_wheel_runs_the_demo_without_the_checkout(command: Path, tmp_path: Path) -> None:
    python = command.with_name("python")
    where = subprocess.run(
        [python, "-c", "import bot, detectors, storage, templates; print(bot.__file__)"],
        cwd=tmp_path,
        env=_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert Path(where).is_relative_to(command.parents[1])
    done = subprocess.run(
        [command, "demo", "--json", "--no-open", "--out", str(tmp_path / "out")],
        cwd=tmp_path,
        env=_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    *accounts, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert accounts[0]["handle"] == "deepaureliovantor"
    assert Path(last["digest"]).is_file()


def test_the_installed_wheel_writes_a_starter_that_it_accepts(command: Path, tmp_path: Path) -> None:
    subprocess.run([command, "init"], cwd=tmp_path, env=_environment(), check=True, capture_output=True)
    checked = subprocess.run(
        [command, "check"], cwd=tmp_path, env=_environment(), check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
