"""What a file says of its making: signed, in plain text, or not at all."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import av
import numpy as np
import pytest

pytest.importorskip("c2pa", reason="the extra c2pa is not installed")

from detectors.contract import Finding, Question, Reason, Status
from detectors.examine import examine
from detectors.provenance import UNSIGNED, WORTH, Provenance
from detectors.provenance_label import PlatformLabel
from detectors.provenance_manifest import Origin, State, credentials
from detectors.provenance_traces import Kind, traces
from detectors.specimen import ProfileText, Specimen
from tests.detectors.media import write_video, written_square
from tests.detectors.signing import Signer, action, sign, signer


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = [written_square(index) for index in range(6)]
    return write_video(tmp_path_factory.mktemp("clip") / "clip.mp4", frames)


@pytest.fixture(scope="module")
def by() -> Signer:
    return signer()


@pytest.fixture
def trust_list(by: Signer, tmp_path: Path) -> Path:
    path = tmp_path / "trust.pem"
    path.write_bytes(by.root)
    return path


def copy(clip: Path, folder: Path) -> Path:
    path = folder / clip.name
    path.write_bytes(clip.read_bytes())
    return path


def found(path: Path | None, trust_list: Path | None = None) -> Finding:
    return Provenance(trust_list).examine(Specimen(path=path))


def tagged(folder: Path, *, brand: str = "isom", **fields: str) -> Path:
    """A clip whose container holds these fields, and this major brand, as a program would write them."""
    path = folder / "tagged.mp4"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags", "brand": brand}) as out:
        out.metadata.update(fields)
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
        out.mux(stream.encode(None))
    return path


def test_a_file_without_anything_is_not_applicable(clip: Path) -> None:
    assert credentials(clip) is None
    webm = [written_square(index) for index in range(3)]
    bare = write_video(clip.with_name("bare.avi"), webm, codec="mpeg4")
    for path in (None, bare):
        finding = found(path)
        assert (finding.status, finding.log10_lr) == (Status.NOT_APPLICABLE, 0)
        assert finding.reason is Reason.NO_CONTAINER_DATA


@pytest.mark.parametrize(
    ("actions", "origin"),
    [
        ([action("created", "trainedAlgorithmicMedia")], Origin.GENERATED),
        ([action("created", "compositeWithTrainedAlgorithmicMedia")], Origin.PARTLY_GENERATED),
        ([action("created", "digitalCapture"), action("edited", "trainedAlgorithmicMedia")], Origin.PARTLY_GENERATED),
        ([action("created", "digitalCapture")], Origin.CAPTURED),
        ([action("created", "digitalCapture"), action("cropped")], Origin.CAPTURED),
        ([action("created", "digitalCapture"), action("edited")], Origin.UNSAID),
        ([action("created", "screenCapture")], Origin.UNSAID),
    ],
)
def test_what_an_intact_manifest_says_counts_more_from_a_known_signer(
    clip: Path, by: Signer, trust_list: Path, tmp_path: Path, actions: list[dict[str, object]], origin: Origin
) -> None:
    path = sign(copy(clip, tmp_path), by, actions)
    for anchors, state in ((None, State.INTACT), (trust_list, State.TRUSTED)):
        said = credentials(path, anchors)
        assert said is not None
        assert (said.state, said.origin, said.signer) == (state, origin, "Test signer")
        finding = found(path, anchors)
        assert finding.question is Question.SYNTHESIS
        assert finding.log10_lr == WORTH.get((state, origin), 0.0)
        assert "Test program 7" in finding.statement
    generated, captured = WORTH[State.INTACT, Origin.GENERATED], WORTH[State.INTACT, Origin.CAPTURED]
    assert generated > 0 > captured
    assert WORTH[State.TRUSTED, Origin.GENERATED] > generated
    assert WORTH[State.TRUSTED, Origin.CAPTURED] < captured


def test_another_signer_is_not_trusted(clip: Path, trust_list: Path, tmp_path: Path) -> None:
    path = sign(copy(clip, tmp_path), signer("Somebody\u202e\nelse"), [action("created", "digitalCapture")])
    finding = found(path, trust_list)
    assert finding.log10_lr == WORTH[State.INTACT, Origin.CAPTURED]
    assert "no trust list here names" in finding.statement
    assert not {"\u202e", "\n"} & set(finding.statement)


def test_bytes_that_were_changed_after_signing_are_said_and_count_nothing(
    clip: Path, by: Signer, trust_list: Path, tmp_path: Path
) -> None:
    path = sign(copy(clip, tmp_path), by, [action("created", "trainedAlgorithmicMedia")])
    changed = bytearray(path.read_bytes())
    place = changed.rindex(b"mdat") + 40
    changed[place] ^= 1
    path.write_bytes(changed)
    finding = found(path, trust_list)
    assert "not valid" in finding.statement
    assert "hash" in finding.statement
    assert (finding.status, finding.log10_lr) == (Status.OK, 0)


def test_a_broken_manifest_is_said_and_counts_nothing(clip: Path, by: Signer, tmp_path: Path) -> None:
    path = sign(copy(clip, tmp_path), by, [action("created", "trainedAlgorithmicMedia")])
    whole = path.read_bytes()
    place = whole.index(b"c2pa.actions")
    path.write_bytes(whole[:place] + b"\xff" * 12 + whole[place + 12 :])
    finding = found(path)
    assert "not valid" in finding.statement
    assert finding.log10_lr == 0


@pytest.mark.parametrize(
    ("before", "after", "origin"),
    [
        (action("created", "trainedAlgorithmicMedia"), [action("opened"), action("edited")], Origin.GENERATED),
        (action("created", "digitalCapture"), [action("opened"), action("transcoded")], Origin.CAPTURED),
        (action("created", "digitalCapture"), [action("opened"), action("edited")], Origin.UNSAID),
    ],
)
def test_what_it_was_made_from_counts(
    clip: Path, by: Signer, tmp_path: Path, before: dict[str, object], after: list[dict[str, object]], origin: Origin
) -> None:
    first = sign(copy(clip, tmp_path), by, [before])
    said = credentials(sign(copy(clip, tmp_path), by, after, parent=first))
    assert said is not None
    assert (said.state, said.origin) == (State.INTACT, origin)


def test_a_manifest_without_the_library_is_said(
    clip: Path, by: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sign(copy(clip, tmp_path), by, [action("created", "trainedAlgorithmicMedia")])
    monkeypatch.setitem(sys.modules, "c2pa", None)
    finding = found(path)
    assert "extra c2pa" in finding.statement
    assert finding.log10_lr == 0


def test_nothing_is_fetched(clip: Path, by: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that is said to lie elsewhere: its host is a listener here, which nobody must call."""
    import io
    import json

    import c2pa

    actions = {"label": "c2pa.actions", "data": {"actions": [action("created", "trainedAlgorithmicMedia")]}}
    tells = {"claim_generator_info": [{"name": "x"}], "assertions": [actions]}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        made = io.BytesIO()
        with (
            c2pa.Builder(json.dumps(tells)) as builder,
            c2pa.Signer.from_info(
                c2pa.C2paSignerInfo(alg=b"es256", sign_cert=by.chain, private_key=by.key, ta_url=None)
            ) as hand,
        ):
            builder.set_no_embed()
            builder.set_remote_url(f"http://127.0.0.1:{port}/manifest.c2pa")
            builder.sign(hand, "video/mp4", io.BytesIO(clip.read_bytes()), made)
        path = tmp_path / "remote.mp4"
        path.write_bytes(made.getvalue())
        assert str(port).encode() in path.read_bytes()
        assert found(path).log10_lr == 0
        # and where the quick look lets the reader at it
        monkeypatch.setattr("detectors.provenance_manifest._carries", lambda stream: True)
        found(path)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    ("fields", "kind", "name", "worth"),
    [
        ({"AIGC": '{"Label":"1","ContentProducer":"x"}'}, Kind.LABEL, "aigc", UNSIGNED),
        ({"aigc_info": '{"aigc_label_type": 2}'}, Kind.LABEL, "aigc_info", UNSIGNED),
        ({"software": "FaceFusion 3.1"}, Kind.GENERATOR, "FaceFusion", UNSIGNED),
        ({"prompt": '{"3": {"class_type": "KSampler"}}'}, Kind.GENERATOR, "ComfyUI", UNSIGNED),
        ({"software": "CapCut 12"}, Kind.EDITOR, "CapCut", 0.0),
        ({"com.android.version": "14"}, Kind.CAMERA, "14", 0.0),
    ],
)
def test_traces_in_plain_text_are_told_and_count_little(
    tmp_path: Path, fields: dict[str, str], kind: Kind, name: str, worth: float
) -> None:
    path = tagged(tmp_path, **fields)
    assert (traces(path)[0].kind, traces(path)[0].name) == (kind, name)
    finding = found(path)
    assert finding.log10_lr == worth
    assert name in finding.statement
    assert finding.exhibits[0].label == str(kind)
    assert finding.exhibits[0].text == next(iter(fields.values()))


@pytest.mark.parametrize(
    "fields",
    [
        {"AIGC": '{"Label":"0"}'},
        {"aigc_info": '{"aigc_label_type": 0}'},
        {"title": "How FaceFusion works", "comment": "made with Sora? no"},
        {"software": "Runways and roads"},
        {"comment": '{"class_type": '},
    ],
)
def test_peoples_words_and_labels_that_are_not_set_are_no_traces(tmp_path: Path, fields: dict[str, str]) -> None:
    path = tagged(tmp_path, **fields)
    assert {one.kind for one in traces(path)} <= {Kind.ENCODER}
    assert found(path).log10_lr == 0


def test_a_brand_is_told_where_it_names_a_maker_of_cameras(tmp_path: Path) -> None:
    finding = found(tagged(tmp_path, brand="XAVC"))
    assert "Sony XAVC" in finding.statement
    assert finding.log10_lr == 0
    assert "major_brand" not in {one.field for one in traces(tagged(tmp_path, brand="mp42"))}


def test_one_label_in_the_file_and_on_the_platform_hardly_counts_twice(tmp_path: Path) -> None:
    labelled = found(tagged(tmp_path, aigc_info='{"aigc_label_type": 1}'))
    on_platform = PlatformLabel().examine(Specimen(profile=ProfileText("tiktok", "x", ai_label=True)))
    assert on_platform.log10_lr < labelled.log10_lr + on_platform.log10_lr < 1.5 * on_platform.log10_lr


def test_hostile_fields_are_cut_and_shown_harmless(tmp_path: Path) -> None:
    finding = found(tagged(tmp_path, software="FaceFusion \x1b[31m\u202egpj.exe " + "x" * 5000))
    text = finding.exhibits[0].text
    assert text is not None
    assert len(text) <= 201
    assert not {"\x1b", "\u202e"} & set(text + finding.statement)


def test_support_goes_before_doubt_within_one_file(tmp_path: Path, by: Signer) -> None:
    path = sign(tagged(tmp_path, aigc_info='{"aigc_label_type": 1}'), by, [action("created", "digitalCapture")])
    assert found(path).log10_lr == UNSIGNED
    both = sign(tagged(tmp_path, software="HeyGen"), by, [action("created", "trainedAlgorithmicMedia")])
    assert found(both).log10_lr == WORTH[State.INTACT, Origin.GENERATED]


def test_the_whole_examination_asks_it(clip: Path, by: Signer, tmp_path: Path) -> None:
    path = sign(copy(clip, tmp_path), by, [action("created", "trainedAlgorithmicMedia")])
    findings = {one.detector: one for one in examine(path).findings}
    assert findings["provenance"].log10_lr == WORTH[State.INTACT, Origin.GENERATED]


@pytest.mark.parametrize(("label", "worth"), [(True, 1.0), (False, 0.0)])
def test_the_platforms_label_supports_where_it_is_set_and_says_nothing_where_not(label: bool, worth: float) -> None:
    finding = PlatformLabel().examine(Specimen(profile=ProfileText("tiktok", "x", ai_label=label)))
    assert (finding.status, finding.log10_lr) == (Status.OK, worth)
    assert "tiktok" in finding.statement


@pytest.mark.parametrize("profile", [None, ProfileText("tiktok", "x")])
def test_a_label_that_cannot_be_seen_is_not_applicable(profile: ProfileText | None) -> None:
    finding = PlatformLabel().examine(Specimen(profile=profile))
    assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, Reason.NO_PROFILE)
