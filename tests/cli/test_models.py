"""`doppelwatch models`: what there is, what a foreign file can do, and putting one in place."""

from __future__ import annotations

import hashlib
import pickle
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.config import load
from bot.sources.pinned import PINNED
from detectors.model_files import load_model, read_card
from tests.cli.conftest import check_contract, doppelwatch, invoke, lines
from tests.conftest import STAND_INS, configuration, write_config
from tests.detectors.onnx_bytes import brightness, likeness
from tests.detectors.test_voting import foreign


def put(folder: Path, data: bytes, name: str = "foreign") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.onnx"
    path.write_bytes(data)
    return path


def proposed(output: str, path: Path) -> Path:
    """The card that `models check` printed, beside the model."""
    card = path.with_suffix(".toml")
    card.write_text(output.partition("needs these lines:\n\n")[2])
    return card


def test_the_list_names_bundled_and_own_models(tmp_path: Path) -> None:
    config = write_config(tmp_path, models={"faces": None})
    result = invoke("models", "list", "--json", "-c", config)
    assert result.exit_code == 0, result.output
    told = lines(result.stdout)
    check_contract("models", told)
    assert [(one["role"], one["origin"], one["in_use"]) for one in told if one["role"] in ("faces", "forgery")] == [
        ("faces", "bundled", True), ("forgery", "bundled", False), ("forgery", "user", True),
    ]  # fmt: skip
    (own,) = [one for one in told if one["origin"] == "user"]
    data = (STAND_INS / "forgery.onnx").read_bytes()
    assert (own["name"], own["bytes"], own["sha256"]) == ("forgery", len(data), hashlib.sha256(data).hexdigest())
    assert own["quality"] == "calibrated on 100"
    assert told[0]["quality"], "the shipped model says what was measured"
    table = invoke("models", "list", "-c", config).stdout
    assert "calibrated on 100" in table
    assert own["sha256"][:16] in table


def test_a_model_that_was_changed_is_listed_as_such(tmp_path: Path) -> None:
    path = put(tmp_path, (STAND_INS / "forgery.onnx").read_bytes() + b"\x0a\0", "forgery")
    path.with_suffix(".toml").write_bytes((STAND_INS / "forgery.toml").read_bytes())
    config = write_config(tmp_path, models={"forgery": str(path)})
    result = invoke("models", "list", "--json", "-c", config)
    assert result.exit_code == 1
    (own,) = [one for one in lines(result.stdout) if one["origin"] == "user" and one["role"] == "forgery"]
    assert own["problem"] == "its SHA-256 is not the one of its card; fetch it again"


def test_from_a_foreign_file_to_a_model_in_use(tmp_path: Path) -> None:
    """check prints the card, add copies both and prints the lines, and the watch's own check takes them."""
    config = write_config(tmp_path / "watch")
    before = config.read_bytes()
    path = put(tmp_path / "download", brightness(), "some [odd] name")
    checked = invoke("models", "check", path, "--role", "forgery", "-c", config)
    assert checked.exit_code == 0, checked.output
    assert "some [odd] name.onnx: can serve as a forgery model" in checked.stdout
    assert "takes     input float [N, 3, 64, 64]" in checked.stdout
    card = proposed(checked.stdout, path)
    added = invoke("models", "add", path, "--role", "forgery", "--card", card, "-c", config)
    assert added.exit_code == 0, added.output
    placed = tmp_path / "watch" / "models" / "some-odd-name.onnx"
    assert placed.read_bytes() == path.read_bytes()
    assert placed.with_suffix(".toml").read_bytes() == card.read_bytes()
    assert config.read_bytes() == before
    printed = yaml.safe_load(added.stdout.partition(f"write into {config}:\n")[2])
    assert printed == {"models": {"forgery": "models/some-odd-name.onnx"}}
    config.write_text(yaml.safe_dump({**yaml.safe_load(before), **printed}))
    assert load(config).models.forgery == (placed,)
    done = doppelwatch("check", "--json", "-c", config)
    told = {one["what"]: (one["level"], one["message"]) for one in lines(done.stdout)}
    assert told["models.forgery"][0] == "ok", told
    assert invoke("models", "add", path, "--role", "forgery", "-c", config).exit_code == 0, "the same again"


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    path = put(tmp_path / "download", brightness())
    proposed(invoke("models", "check", path, "--role", "forgery", "-c", config).stdout, path)
    put(tmp_path / "models", b"something else")
    result = invoke("models", "add", path, "--role", "forgery", "-c", config)
    assert result.exit_code == 1
    assert "foreign.onnx: another file of this name lies there; move it away, or give --name" in result.stderr
    assert (tmp_path / "models" / "foreign.onnx").read_bytes() == b"something else"
    assert not (tmp_path / "models" / "foreign.toml").exists()
    named = invoke("models", "add", path, "--role", "forgery", "--name", "stronger", "-c", config)
    assert named.exit_code == 0
    assert (tmp_path / "models" / "stronger.toml").is_file()


def test_without_a_card_nothing_is_added(tmp_path: Path) -> None:
    path = put(tmp_path, brightness())
    result = invoke("models", "add", path, "--role", "forgery", "-c", write_config(tmp_path))
    assert result.exit_code == 1
    assert "has no card; give --card (`doppelwatch models check` prints the lines that it needs)" in result.stderr
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pickle.dumps([1]), "is a Python pickle"),
        (b"words", "is a text file, not an ONNX model"),
        (brightness(copies=12), "gives 12 values a picture"),
        (brightness()[:-9], "cut off or damaged"),
    ],
)
def test_an_unsuitable_file_gets_one_sentence(tmp_path: Path, data: bytes, message: str) -> None:
    result = invoke("models", "check", put(tmp_path, data), "--role", "forgery", "-c", write_config(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("Error: foreign.onnx: ")


def test_a_model_needs_no_configuration(tmp_path: Path) -> None:
    path = put(tmp_path, brightness())
    done = doppelwatch("models", "check", path, "--role", "forgery", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = lines(doppelwatch("models", "list", "--json", cwd=tmp_path).stdout)
    assert {one["role"] for one in told} >= {"faces", "forgery"}
    assert {(one["origin"], one["in_use"]) for one in told} == {("bundled", True)}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty clips a class in which a red square moves; those of the fakes are brighter, some of either are not."""
    import numpy as np

    from tests.detectors.media import write_video, written_square

    folder = tmp_path_factory.mktemp("labelled")
    for part, more in (("real", 0), ("fake", 50)):
        (folder / part).mkdir()
        for number in range(20):
            light = more if number % 5 else 50 - more
            frames = [
                np.clip(written_square(index).astype(np.int16) + light + number, 0, 255).astype(np.uint8)
                for index in range(8)
            ]
            write_video(folder / part / f"{number}.mp4", frames, rate=8)
    return folder


def test_a_calibration_goes_beside_the_old_one_and_serves(tmp_path: Path, labelled: Path) -> None:
    config = write_config(tmp_path)
    before = (STAND_INS / "forgery.toml").read_bytes()
    result = invoke("models", "calibrate", labelled, "-c", config)
    assert result.exit_code == 0, result.output
    assert "20 genuine and 20 made clips, AUC 0." in result.stdout
    assert (STAND_INS / "forgery.toml").read_bytes() == before
    placed = tmp_path / "models" / "forgery-calibrated.onnx"
    printed = yaml.safe_load(result.stdout.partition(f"write into {config}:\n")[2])
    assert printed == {"models": {"forgery": "models/forgery-calibrated.onnx"}}
    _, card = load_model("forgery", placed)
    assert card.version == "stand-in-calibrated-20+20"
    assert card.calibration is not None
    assert card.calibration.samples == 40
    assert card.calibration.a > 0
    again = invoke("models", "calibrate", labelled, "-c", config)
    assert again.exit_code == 0, "the same clips give the same card"


def test_few_clips_are_refused_before_any_is_examined(tmp_path: Path, labelled: Path) -> None:
    folder = tmp_path / "few"
    (folder / "fake").mkdir(parents=True)
    (folder / "real").symlink_to(labelled / "real")
    (folder / "fake" / "one.mp4").symlink_to(labelled / "fake" / "1.mp4")
    result = invoke("models", "calibrate", folder, "-c", write_config(tmp_path))
    assert result.exit_code == 1
    assert result.stderr == f"Error: {folder}/fake: holds 1 file, and a calibration needs 20\n"


def test_a_model_without_a_card_is_one_error_not_one_for_each_clip(tmp_path: Path, labelled: Path) -> None:
    path = put(tmp_path, brightness())
    config = write_config(tmp_path, models={"forgery": str(path)})
    result = invoke("models", "calibrate", labelled, "-c", config)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "foreign.toml: the model's card cannot be read" in result.stderr


def test_the_pinned_files_are_listed_and_taken_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write_config(tmp_path)
    listed = invoke("models", "pull", "-c", config).stdout
    assert "yunet-int8       100,416 bytes  MIT" in listed
    unknown = invoke("models", "pull", "resnet", "-c", config)
    assert (unknown.exit_code, unknown.stderr) == (
        2,
        'Error: "resnet" is no pinned model; there are yunet-int8, sface, sface-int8\n',
    )
    data = brightness()
    pinned = replace(PINNED["sface"], sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    monkeypatch.setitem(PINNED, "sface", pinned)
    path = put(tmp_path / "download", data)
    taken = invoke("models", "pull", "sface", "--from", path, "-c", config)
    assert taken.exit_code == 0, taken.output
    assert (tmp_path / "models" / "sface.onnx").read_bytes() == data
    assert read_card(tmp_path / "models" / "sface.toml").sha256 == pinned.sha256
    assert "No step of the watch takes this file yet" in taken.stderr
    path.write_bytes(data + b"x")
    other = invoke("models", "pull", "sface", "--from", path, "-c", config)
    assert other.exit_code == 4
    assert "bytes, the pinned file has" in other.stderr


def test_a_pull_goes_through_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.demo.platforms import StandIn
    from bot.demo.platforms.answers import Answer, Call
    from bot.sources import dialer

    data = brightness()

    class Zoo:
        hosts = ("github.com",)

        def answer(self, call: Call) -> Answer:
            return Answer(200, body=data)

    config = write_config(tmp_path)
    pinned = replace(PINNED["sface"], sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    monkeypatch.setitem(PINNED, "sface", pinned)
    with StandIn(Zoo()) as server:
        monkeypatch.setattr(dialer, "PublicDialer", server.dialer)
        for _ in range(2):
            result = invoke("models", "pull", "sface", "-c", config)
            assert result.exit_code == 0, result.output
        assert len(server.requests("github.com")) == 1, "what is there is not fetched again"
    assert (tmp_path / "models" / "sface.onnx").read_bytes() == data


def test_a_pulled_file_that_can_serve_says_how_to_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = STAND_INS / "faces.onnx"
    data = path.read_bytes()
    pinned = replace(PINNED["yunet-int8"], sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    monkeypatch.setitem(PINNED, "yunet-int8", pinned)
    config = write_config(tmp_path)
    result = invoke("models", "pull", "yunet-int8", "--from", path, "-c", config)
    assert result.exit_code == 0, result.output
    printed = yaml.safe_load(result.stdout.partition(f"write into {config}:\n")[2])
    assert printed == {"models": {"faces": "models/yunet-int8.onnx"}}


def test_a_face_embedding_is_checked_added_and_taken_by_the_configuration(tmp_path: Path) -> None:
    config = write_config(tmp_path / "watch")
    path = put(tmp_path / "download", likeness())
    checked = invoke("models", "check", path, "--role", "identity", "-c", config)
    assert checked.exit_code == 0, checked.output
    assert "foreign.onnx: can serve as an identity model" in checked.stdout
    proposed(checked.stdout, path)
    added = invoke("models", "add", path, "--role", "identity", "-c", config)
    assert added.exit_code == 0, added.output
    printed = yaml.safe_load(added.stdout.partition(f"write into {config}:\n")[2])
    assert printed == {"models": {"identity": "models/foreign.onnx"}}
    config.write_text(yaml.safe_dump(configuration(tmp_path / "watch", models=printed["models"])))
    placed = tmp_path / "watch" / "models" / "foreign.onnx"
    assert load(config).models.identity == placed
    (own,) = [one for one in lines(invoke("models", "list", "--json", "-c", config).stdout) if one["origin"] == "user"
              and one["role"] == "identity"]  # fmt: skip
    assert (own["in_use"], own["problem"], own["bytes"]) == (True, None, len(likeness()))
    told = {one["what"]: one["level"] for one in lines(doppelwatch("check", "--json", "-c", config).stdout)}
    assert told["models.identity"] == "ok", told
    placed.write_bytes(brightness())
    told = {one["what"]: one["level"] for one in lines(doppelwatch("check", "--json", "-c", config).stdout)}
    assert told["models.identity"] == "error", told


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (brightness(), "takes pictures of 64 x 64; an identity model takes aligned faces of 112 x 112"),
        (likeness(blind=True), "fc1 gives 128 values that do not tell pictures apart"),
        (likeness()[:-9], "cut off or damaged"),
    ],
)
def test_what_cannot_say_whose_a_face_is_gets_one_sentence(tmp_path: Path, data: bytes, message: str) -> None:
    result = invoke("models", "check", put(tmp_path, data), "--role", "identity", "-c", write_config(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("Error: foreign.onnx: ")


def test_a_pulled_face_embedding_has_the_card_that_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "download", likeness())
    pinned = replace(PINNED["sface"], sha256=hashlib.sha256(likeness()).hexdigest(), size=len(likeness()))
    monkeypatch.setitem(PINNED, "sface", pinned)
    config = write_config(tmp_path)
    result = invoke("models", "pull", "sface", "--from", path, "-c", config)
    assert result.exit_code == 0, result.output
    printed = yaml.safe_load(result.stdout.partition(f"write into {config}:\n")[2])
    assert printed == {"models": {"identity": "models/sface.onnx"}}
    session, card = load_model("identity", tmp_path / "models" / "sface.onnx")
    assert card.raw["input"]["scale"] == 1.0
    assert session.get_outputs()[0].name == "fc1"


def test_each_of_two_models_that_vote_is_calibrated(tmp_path: Path, labelled: Path) -> None:
    own = foreign(tmp_path / "own", "forgery")
    config = write_config(tmp_path, models={"forgery": [str(STAND_INS / "forgery.onnx"), str(own)]})
    refused = invoke("models", "calibrate", labelled, "--name", "one", "-c", config)
    assert refused.exit_code == 2
    assert "--name names one copy, and models.forgery lists 2 models; leave it out" in refused.stderr
    result = invoke("models", "calibrate", labelled, "-c", config)
    assert result.exit_code == 0, result.output
    printed = yaml.safe_load(result.stdout.partition(f"write into {config}:\n")[2])
    copies = ["models/forgery-calibrated.onnx", "models/forgery-calibrated-2.onnx"]
    assert printed == {"models": {"forgery": copies}}
    fits = []
    for one in copies:
        calibration = load_model("forgery", tmp_path / one)[1].calibration
        assert calibration is not None
        assert (calibration.samples, calibration.a > 0) == (40, True)
        fits.append(calibration.a)
    assert fits[0] == pytest.approx(fits[1], rel=0.05), "both score brightness, 8 / 255 and 1 / 32 a step"


def test_a_clip_is_scanned_with_two_models_and_each_is_checked(tmp_path: Path, face_clip: Path) -> None:
    models = {"forgery": [str(STAND_INS / "forgery.onnx"), str(foreign(tmp_path / "own", "other"))]}
    config = write_config(tmp_path, models=models)
    done = doppelwatch("scan", "--json", "-c", config, face_clip)
    assert done.returncode == 0, done.stderr
    (told,) = lines(done.stdout)
    check_contract("scan", [told])
    (finding,) = [one for one in told["findings"] if one["detector"] == "forgery"]
    assert "2 models give forgery stand-in -1." in finding["statement"]
    assert finding["version"] == "1+stand-in,7"
    checked = {one["what"]: one for one in lines(doppelwatch("check", "--json", "-c", config).stdout)}
    assert checked["models.forgery[0]"]["level"] == "ok"
    assert "other 7" in checked["models.forgery[1]"]["message"]
    listed = [one for one in lines(invoke("models", "list", "--json", "-c", config).stdout) if one["role"] == "forgery"]
    assert [(one["name"], one["in_use"]) for one in listed] == [("forgery", False), ("forgery", True), ("other", True)]


def test_a_pull_goes_through_the_proxy_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write_config(tmp_path)
    wrong = invoke("models", "pull", "yunet-int8", "--proxy", "ftp://nobody:secret@x", "-c", config)
    assert (wrong.exit_code, "secret" in wrong.output) == (2, False)
    login = invoke("models", "pull", "yunet-int8", "--proxy", "http://nobody:secret@127.0.0.1:9", "-c", config)
    assert (login.exit_code, "secret" in login.output) == (2, False)
    assert "export the proxy's address as DOPPELWATCH_PROXY" in login.stderr, "the process list shows it to all"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nobody = invoke("models", "pull", "yunet-int8", "--proxy", f"http://127.0.0.1:{port}", "-c", config)
    assert nobody.exit_code == 4
    assert "github.com: " in nobody.stderr
    assert "Connection refused" in nobody.stderr
    monkeypatch.setenv("DOPPELWATCH_PROXY", f"http://nobody:secret@127.0.0.1:{port}")
    exported = invoke("models", "pull", "yunet-int8", "-c", config)
    assert (exported.exit_code, "secret" in exported.output) == (4, False)
    assert "Connection refused" in exported.stderr
