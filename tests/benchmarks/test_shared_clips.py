"""Every clip of the data folder, whole: slow, and skipped where the folder is absent."""

from __future__ import annotations

import json

import pytest

from benchmarks.runner import default_data, main


@pytest.mark.slow
@pytest.mark.skipif(not (default_data() / "clips").is_dir(), reason="the folder of shared data is not there")
def test_every_clip_is_examined_and_nearly_every_face_is_followed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["crashes"], figures["refused"], figures["failed_findings"]) == (0, 0, {})
    assert figures["share_with_track"] >= 0.95, figures["without_track"]
