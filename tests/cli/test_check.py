"""`doppelwatch check`: what is right, what is wrong, which exit code, on real photos, recordings and models."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
import trustme
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import bot.demo
from bot.check import Checker, Level
from bot.cli import main
from bot.config import default_text, load
from bot.workers import LimitedExecutor
from detectors.model_files import bundled
from tests.cli.checking import MODELS, ROOT, SCHEMA, STAND_INS, check, checked, written
from tests.detectors.media import tone, write_sound, write_video, written_square

PORTRAITS = sorted((Path(bot.demo.__file__).parent / "media").glob("reference_*.jpg"))
DEMO_VOICE = Path(bot.demo.__file__).parent / "media" / "reference_voice.ogg"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def references(tmp_path: Path) -> Path:
    """Photos with one, no and two faces, what is no photo, and recordings."""
    folder = tmp_path / "references"
    folder.mkdir()
    first, second = (np.asarray(cv2.imread(str(path)), np.uint8) for path in PORTRAITS[:2])
    shutil.copy(PORTRAITS[0], folder / "one.jpg")
    cv2.imwrite(str(folder / "none.jpg"), np.full((300, 300, 3), 120, np.uint8))
    cv2.imwrite(str(folder / "two.jpg"), np.hstack([first, cv2.resize(second, first.shape[1::-1])]))
    (folder / "words.jpg").write_text("this is no photo")
    write_sound(folder / "voice.m4a", tone(2.0))
    write_sound(folder / "silence.m4a", np.zeros(44_100, np.int16))
    write_video(folder / "mute.mp4", [written_square(0)] * 5)
    return folder


def test_every_reference_is_looked_at_and_the_wrong_ones_are_named(references: Path) -> None:
    found, code = checked(
        MODELS
        + "people:\n"
        + "  - name: Jane Example\n"
        + "    official: [https://www.tiktok.com/@jane]\n"
        + "    photos: [references/one.jpg, references/none.jpg, references/two.jpg, references/words.jpg, gone.jpg]\n"
        + "    recordings: [references/voice.m4a, references/silence.m4a, references/mute.mp4, references/words.jpg]\n"
        + "    basis: her consent of 2026-01-15\n"
        + "    until: 2099-12-31\n"
        + "accounts: [{url: https://www.tiktok.com/@deep, person: Jane Example}]\n"
    )
    assert {what: value for what, value in found.items() if what.startswith("people")} == {
        "people[0].basis": ("ok", "Jane Example: her consent of 2026-01-15"),
        "people[0].until": ("ok", "Jane Example: photos and recordings are used up to 2099-12-31"),
        "people[0].photos[0]": ("ok", "one.jpg: one face"),
        "people[0].photos[1]": (
            "error",
            "none.jpg: no face was found; give a photo that shows Jane Example from the front",
        ),
        "people[0].photos[2]": (
            "error",
            "two.jpg: 2 faces were found; cut it to the face of Jane Example, or give another photo",
        ),
        "people[0].photos[3]": ("error", "words.jpg: is not a video, sound or picture file that can be read"),
        "people[0].photos[4]": ("error", "gone.jpg: there is no such file"),
        "people[0].recordings[0]": ("ok", "voice.m4a: 2.0 s of sound, 1.4 s like speech"),
        "people[0].recordings": (
            "warning",
            (
                "1 s of speech in 1 recording of Jane Example are too little to compare a voice with; "
                "give recordings with 6 s, better 30 s"
            ),
        ),
        "people[0].recordings[1]": ("error", "silence.m4a: is silent from beginning to end"),
        "people[0].recordings[2]": ("error", "mute.mp4: holds no sound"),
        "people[0].recordings[3]": ("error", "words.jpg: is not a video, sound or picture file that can be read"),
    }
    assert found["config"] == ("ok", "is valid: 1 person, 1 account")
    assert code == 1


def test_enough_speech_to_compare_is_told_from_enough_to_tell_another_voice(references: Path) -> None:
    person = (
        "people: [{{name: Jane, official: [https://www.tiktok.com/@jane], recordings: [{}]}}]\n"
        "accounts: [https://www.tiktok.com/@deep]\n"
    )
    spoken = DEMO_VOICE.read_bytes()
    for number in range(3):
        (references / f"{number}.ogg").write_bytes(spoken)
    one, _ = checked(MODELS + person.format("references/0.ogg"))
    assert one["people[0].recordings"] == (
        "warning",
        (
            "22 s of speech in 1 recording of Jane can show a likeness; "
            "to tell another voice, give 3 recordings with 30 s in all"
        ),
    )
    three, _ = checked(MODELS + person.format("references/0.ogg, references/1.ogg, references/2.ogg"))
    level, words = three["people[0].recordings"]
    assert level == "ok"
    assert words.endswith("s of speech in 3 recordings of Jane are enough to compare voices with")


def test_a_trust_list_is_read_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    authority = trustme.CA().cert_pem.bytes().decode()
    damaged = authority.replace("M", "A", 40)
    cases = {
        "two.pem": (authority * 2, ("ok", "2 certificates")),
        "words.pem": ("trust me", ("error", "words.pem: holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")),
        "damaged.pem": (
            authority + damaged,
            ("error", "damaged.pem: certificate 2 of 2 is damaged; fetch the list anew"),
        ),
        "letters.pem": ("ü", ("error", "letters.pem: is no PEM file; those hold plain letters alone")),
        "gone.pem": (None, ("error", "gone.pem: cannot be read: No such file or directory")),
    }
    for name, (text, expected) in cases.items():
        if text is not None:
            Path(name).write_text(text, "utf-8")
        found, _ = checked(f"models:\n  trust_list: {name}\n")
        assert found["models.trust_list"] == expected, name


def test_all_is_well_where_all_is(references: Path) -> None:
    result = check(
        MODELS
        + "people: [{name: Jane, official: [https://www.tiktok.com/@jane], photos: [references/one.jpg], "
        + "until: 2099-12-31}]\n"
        + "accounts: [{url: https://www.tiktok.com/@deep, person: Jane}]\n"
        + "retention: {basis: mandate}\n"
    )
    assert result.exit_code == 0
    assert "ok      people[0].photos[0]: one.jpg: one face\n" in result.stdout
    assert {line.split()[0] for line in result.stdout.splitlines()} == {"ok"}
    assert result.stderr.splitlines()[-1].endswith("0 warning, 0 error")
    there = {path.name for path in Path().iterdir() if not path.name.startswith(".coverage")}
    assert there == {"config.yaml", "references"}  # nothing was created


def test_a_missing_basis_and_a_last_day_that_is_over_are_told(references: Path) -> None:
    person = "people: [{{name: Jane, official: [https://www.tiktok.com/@jane], photos: [references/one.jpg]{}}}]\n"
    accounts = "accounts: [https://www.tiktok.com/@deep]\n"
    missing, _ = checked(MODELS + person.format("") + accounts)
    level, words = missing["people[0].basis"]
    assert (level, "nothing says on what basis" in words) == ("warning", True)
    over, _ = checked(MODELS + person.format(", basis: consent, until: 2020-01-31") + accounts)
    level, words = over["people[0].until"]
    assert (level, words) == (
        "warning",
        'Jane: 2020-01-31 is over, so the references are not used; renew it, or run doppelwatch purge "Jane"',
    )
    wrong = check(MODELS + person.format(", until: soon") + accounts)
    assert 'people[0].until: "soon" is no day; write it like 2027-12-31' in wrong.stdout + wrong.stderr


def test_for_people_an_error_names_file_and_line(references: Path) -> None:
    result = check(MODELS + "people:\n  - name: Jane [bold]\n    photos:\n      - references/none.jpg\n")
    assert (
        "error   config.yaml:5: people[0].photos[0]: none.jpg: no face was found; "
        "give a photo that shows Jane [bold] from the front\n" in result.stdout
    )
    assert "warning config.yaml:3: people[0].official: Jane [bold] has no official account here" in result.stdout
    assert result.exit_code == 1


def test_the_starter_is_well_but_for_models_that_are_not_there() -> None:
    found, code = checked(default_text())
    models = {f"models.{role}": "ok" if bundled(role).exists() else "error" for role in ("faces", "forgery")}
    assert {what: level for what, (level, _) in found.items()} == {
        "config": "warning",
        "store": "ok",
        "digest.folder": "ok",
        "digest.time": "ok",
        **models,
    }
    assert found["config"][1] == "is valid, and watches nobody yet; name accounts in it"
    assert code == ("error" in models.values())


def test_accounts_without_anybody_to_protect_are_a_warning() -> None:
    found, code = checked(MODELS + "accounts: [https://www.tiktok.com/@a, https://www.tiktok.com/@b]\n")
    assert found["config"] == ("warning", "is valid, with 2 accounts and nobody to protect")
    assert code == 0


def test_a_wrong_configuration_is_code_2_with_and_without_json() -> None:
    text = "accounts:\n  - {url: https://www.tiktok.com/@a, intervall: 1 h}\nzebra: 1\n"
    result = check(text)
    assert result.exit_code == 2
    assert result.stdout == ""
    first, second = (line.removeprefix("Error: ") for line in result.stderr.splitlines())
    assert first == 'config.yaml:2: accounts[0].intervall: is no key here; did you mean "interval"?'
    as_json = check(text, "--json")
    assert as_json.exit_code == 2
    objects = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert objects == [{"what": "config", "level": "error", "message": message} for message in (first, second)]
    for found in objects:
        Draft202012Validator(SCHEMA).validate(found)


def test_no_configuration_is_code_2_and_says_how_to_write_one() -> None:
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 2
    assert "config.yaml: there is no such file; name another with --config, or write a starter" in result.stderr


def test_models_are_loaded_by_their_cards(tmp_path: Path) -> None:
    for suffix in ("onnx", "toml"):
        shutil.copy(STAND_INS / f"faces.{suffix}", tmp_path / f"mine.{suffix}")
    with (tmp_path / "mine.onnx").open("ab") as file:
        file.write(b"\0")
    found, code = checked(f"models: {{faces: mine.onnx, forgery: {STAND_INS / 'forgery.onnx'}}}\n")
    level, message = found["models.faces"]
    assert level == "error"
    assert "mine.onnx: its SHA-256 is " in message
    level, message = found["models.forgery"]
    assert level == "ok"
    assert message.startswith("forgery stand-in, SHA-256 ")
    assert code == 1
    found, code = checked(f"models: {{faces: {STAND_INS / 'forgery.onnx'}, forgery: gone.onnx}}\n")
    assert "a faces model takes image" in found["models.faces"][1]
    assert "correct models.forgery in the configuration" in found["models.forgery"][1]
    assert code == 1


def test_without_a_face_model_photos_are_not_blamed(references: Path) -> None:
    found, code = checked(
        "people: [{name: Jane, photos: [references/one.jpg]}]\n"
        f"models: {{faces: gone.onnx, forgery: {STAND_INS / 'forgery.onnx'}}}\n"
    )
    assert found["people[0].photos[0]"] == (
        "warning",
        "one.jpg was not looked at, because the face model cannot be loaded",
    )
    assert found["models.faces"][0] == "error"
    assert code == 1


def test_a_worker_that_is_lost_is_told_for_each_thing_it_should_have_read(references: Path) -> None:
    """It ends neither the command nor the checks behind it, and nothing is called right that was not read."""
    text = "people: [{name: Jane, photos: [references/one.jpg], recordings: [references/voice.m4a]}]\n"
    config = load(written(MODELS + text))
    with LimitedExecutor(1, memory_bytes=300_000_000, timeout_s=60) as executor:
        results = {
            result.what: result for result in (step() for step in Checker(config, executor, datetime.now(UTC)).steps())
        }
    for what in ("people[0].photos[0]", "people[0].recordings[0]", "models.faces", "models.forgery"):
        assert results[what].level is Level.ERROR
        assert "limits.memory" in results[what].message, results[what]
    assert results["people[0].photos[0]"].message.startswith("one.jpg: ")
    assert results["people[0].recordings[0]"].message.startswith("voice.m4a: ")
    assert results["store"].level is Level.OK


def test_several_workers_look_at_several_photos(references: Path) -> None:
    for number in range(4):
        shutil.copy(references / ("one.jpg" if number % 2 else "none.jpg"), references / f"{number}.jpg")
    photos = ", ".join(f"references/{number}.jpg" for number in range(4))
    found, code = checked(MODELS + f"limits: {{workers: 2}}\npeople: [{{name: Jane, photos: [{photos}]}}]\n")
    levels = [found[f"people[0].photos[{number}]"] for number in range(4)]
    assert [level for level, _ in levels] == ["error", "ok", "error", "ok"]
    assert all(message.startswith(f"{number}.jpg: ") for number, (_, message) in enumerate(levels))
    assert code == 1


def test_init_then_check_as_a_stranger_calls_them(tmp_path: Path) -> None:
    """Two real processes, the file named by the environment, nothing but the starter."""
    program = [sys.executable, "-c", "from bot.cli import main; main()"]
    environment = {**os.environ, "DOPPELWATCH_CONFIG": "watch.yaml", "PYTHONPATH": str(ROOT)}
    made = subprocess.run([*program, "init", "watch.yaml"], env=environment, capture_output=True, text=True, check=True)
    assert "doppelwatch check --config watch.yaml" in made.stdout
    done = subprocess.run([*program, "check"], env=environment, capture_output=True, text=True, check=False)
    assert "warning watch.yaml: is valid, and watches nobody yet" in done.stdout
    assert f"ok      store: {tmp_path}/watch/store will be made" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == (not all(bundled(role).exists() for role in ("faces", "forgery")))
