"""Ten bad inputs, each through the real command: one clear line that names it, and the right exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke, check_contract, doppelwatch, invoke, lines
from tests.conftest import PERSON, write_config
from tests.detectors.media import declare_hours, huge_png, tone, write_sound, write_video, written_square


@dataclass(frozen=True)
class Bad:
    """A file that cannot be examined: how scripts and people are told."""

    name: str
    code: str
    told: str


BAD = (
    Bad("truncated.mp4", "unreadable", "its index (the moov box) is missing, so the file was cut off"),
    Bad("empty.mp4", "unreadable", "is empty (0 bytes)"),
    Bad("sound.mp4", "no_video", "holds sound but no picture"),
    Bad("text.mp4", "unreadable", "is not a video, sound or picture file that can be read"),
    Bad("four_hours.mp4", "too_large", "the container declares 4 h, above the limit of 3 h (limits.duration)"),
    Bad("huge.png", "too_large", "16384 x 16384 is 268 million pixels, above the limit of 36 million (limits.pixels)"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, face_clip: Path) -> Path:
    """The files; `one_frame.mp4` is odd and not bad."""
    made = tmp_path_factory.mktemp("bad")
    (made / "truncated.mp4").write_bytes(face_clip.read_bytes()[: face_clip.stat().st_size * 2 // 3])
    (made / "empty.mp4").touch()
    write_sound(made / "sound.mp4", tone(1.0))
    (made / "text.mp4").write_text("Dear all,\nthis is a letter.\n" * 50, encoding="utf-8")
    write_video(made / "one_frame.mp4", [written_square(0)])
    declare_hours(made / "four_hours.mp4", made / "one_frame.mp4", 4)
    huge_png(made / "huge.png", 16_384)
    return made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_file_that_cannot_be_examined_is_one_line_and_exit_code_5(
    scan: Invoke, config: Path, folder: Path, bad: Bad
) -> None:
    path = folder / bad.name
    result = scan("--json", "-c", config, path)
    assert result.exit_code == 5
    assert result.stderr == ""
    (told,) = lines(result.stdout)
    check_contract("scan", [told])
    assert (told["source"], told["code"]) == (str(path), bad.code)
    assert told["error"].startswith(f"{path}: ")
    assert bad.told in told["error"]
    people = scan("-c", config, path)
    assert people.exit_code == 5
    assert people.stdout == ""
    assert people.stderr == f"error {told['error']}\n"


def test_a_video_of_one_frame_is_examined_as_the_picture_that_it_is(scan: Invoke, config: Path, folder: Path) -> None:
    result = scan("--json", "-c", config, folder / "one_frame.mp4")
    assert result.exit_code == 0
    (told,) = lines(result.stdout)
    check_contract("scan", [told])
    forgery = next(one for one in told["findings"] if one["detector"] == "forgery")
    assert (forgery["status"], forgery["reason"]) == ("not_applicable", "still_image")
    assert told["verdict"]["label"] == "undetermined"


def test_all_of_them_in_a_process_of_its_own_and_the_good_one_goes_through(folder: Path, config: Path) -> None:
    names = [*(bad.name for bad in BAD), "one_frame.mp4"]
    done = doppelwatch("scan", "-c", config, *(folder / name for name in names))
    assert done.returncode == 5
    said = done.stderr.splitlines()
    assert len(said) == len(BAD), done.stderr
    for bad, line in zip(BAD, said, strict=True):
        assert bad.name in line
        assert bad.told in line
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith(f"{folder}/one_frame.mp4  undetermined / ")


@pytest.mark.parametrize("command", ["check", "once", "status", "run", "digest"])
def test_a_wrong_key_is_one_line_with_its_place_and_the_right_key(tmp_path: Path, command: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("store: store\npoling:\n  interval: 1 h\n", encoding="utf-8")
    result = invoke(command, "-c", config)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {config}:2: poling")
    assert "polling" in line.removeprefix(f"Error: {config}:2: poling"), line
    assert not (tmp_path / "store").exists()


def test_an_account_of_an_unknown_person_is_one_line(tmp_path: Path) -> None:
    accounts = [{"url": "https://www.tiktok.com/@x", "person": "Aurelio Vantour"}]
    result = invoke("once", "-c", write_config(tmp_path, accounts=accounts))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "Aurelio Vantour" in line
    assert f'"{PERSON}"' in line, "did you mean"


def test_scanning_for_an_unknown_person_is_one_line(config: Path, folder: Path) -> None:
    result = invoke("scan", "-c", config, "--person", "Nobody", folder / "one_frame.mp4")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == f'Error: --person: "Nobody" is not in the configuration, which protects {PERSON}\n'


def test_an_unreadable_reference_is_named_by_check_with_exit_code_1(tmp_path: Path, folder: Path) -> None:
    people = [{"name": PERSON, "photos": [str(folder / "text.mp4")], "recordings": [str(folder / "missing.ogg")]}]
    result = invoke("check", "-c", write_config(tmp_path, people=people))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    errors = [line for line in result.stdout.splitlines() if line.startswith("error")]
    assert len(errors) == 2, result.output
    assert "photos[0]" in errors[0]
    assert "text.mp4" in errors[0]
    assert "recordings[0]" in errors[1]
    assert "missing.ogg" in errors[1]
