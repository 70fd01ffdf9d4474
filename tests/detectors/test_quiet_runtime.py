"""The runtime below the models tells nobody anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STAND_IN = Path(__file__).parent / "stand_ins" / "faces.onnx"

LOAD = (
    "import sys, pathlib; from detectors.model_files import load_model; load_model('faces', pathlib.Path(sys.argv[1]))"
)


def test_loading_a_model_leaves_no_identifier_behind(tmp_path: Path) -> None:
    """Its telemetry, where it is on, writes a device id into the home folder and a session id into the other."""
    # a CI service's own variables would silence it, too, and hide that we do not
    silencers = ("CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
    environment = {name: value for name, value in os.environ.items() if name not in silencers}
    environment |= {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", LOAD, str(STAND_IN)], env=environment, cwd=root, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []
