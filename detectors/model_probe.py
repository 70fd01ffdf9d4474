"""Look at a model of another maker: can it serve, how must it be fed, and which way does its score run?

What a file declares is not trusted: it is run on pictures. Which range of values it wants cannot be read from a file
at all; four usual ones are tried, and what speaks for each is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors import yunet
from detectors.container import shown_name
from detectors.errors import ModelError
from detectors.identity_probe import gives_vectors, identity_facts
from detectors.labelled_faces import Faces, faces_of, made_pictures
from detectors.log_mel import BANDS
from detectors.metrics import chance_spread
from detectors.model_files import Card, check_role, open_session, read_card
from detectors.model_input import Adapter, Described, ImageInput, Native, ScoreOutput, adapter_of, run_batch, shapes
from detectors.onnx_file import read_onnx
from detectors.picture_probe import RANGES, card_head, input_lines, layout_of, output_line
from detectors.voice_calibration import voice_calibration_of
from detectors.voice_input import check_voice, takes_sound

FLAT, CERTAIN = 0.02, 12.0
"""Logits that differ by less than 0.02 saw no picture; a logit beyond 12 (160,000 to one) was fed too large values."""

_KIND_WORDS = {"probability": "a probability", "logit": "a logit", "logits": "logits of two classes"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What a model said to pictures in one range of values.

    Attributes:
        values: the range in words.
        spread: standard deviation of the logits.
        certain: share of the logits beyond 12 either way.
        auc: of the clips, higher is fake; None without labels.
    """

    values: str
    spread: float
    certain: float
    auc: float | None = None

    @property
    def plausible(self) -> bool:
        """Whether the model neither saw nothing nor shouted."""
        return self.spread >= FLAT and self.certain < 0.5


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a model file that can serve.

    Attributes:
        role: one of :data:`detectors.model_files.ROLES`.
        sha256, size: of the file; size in bytes.
        inputs, outputs: names, types and shapes in words.
        facts: what was found, one line each, in order.
        card: the lines of the card that was given, or that would be needed.
        carded: a card was given, and fits.
    """

    role: str
    sha256: str
    size: int
    inputs: str
    outputs: str
    facts: tuple[str, ...]
    tried: tuple[Tried, ...]
    card: str
    carded: bool


def probe(
    path: Path,
    role: str | None = None,
    card: Path | None = None,
    clips: Path | None = None,
    faces: Path | None = None,
) -> Probe:
    """Open, run and describe a model file; for a worker process, because the file may be hostile.

    Args:
        path: the file.
        role: one of :data:`detectors.model_files.ROLES`; None to go by what it takes and gives.
        card: its card; None for the one beside it, if there is one.
        clips: a folder with real/ and fake/.
        faces: the model that finds the faces in them; None for the shipped one.

    Raises:
        ModelError: why it cannot serve, in one sentence.
        ClipError: the labelled clips cannot be used.
    """
    data = read_onnx(path)
    digest = hashlib.sha256(data).hexdigest()
    name = shown_name(path)
    session = open_session(Path(name), data)
    role = role or _role(session)
    beside = path.with_suffix(".toml")
    if card is None and beside.is_file():
        card = beside
    read = None
    if card is not None:
        read = read_card(card)
        if read.sha256 != digest:
            raise ModelError(
                f"{name}: its SHA-256 is {digest[:16]}..., its card {shown_name(card)} says {read.sha256[:16]}...; "
                "fetch the file again, or correct the card"
            )
    made = Probe(
        role,
        digest,
        len(data),
        shapes(session.get_inputs()),
        shapes(session.get_outputs()),
        (),
        (),
        "",
        read is not None,
    )
    if role == "faces":
        check_role("faces", Path(name), session, read or Card(path.stem, "1", digest, raw=MappingProxyType({})))
        return replace(made, card=card_head(path, digest), facts=(_as_faces(session),))
    if role == "identity":
        facts, lines = identity_facts(name, session, None if read is None else read.raw)
        return replace(made, card=card_head(path, digest) + lines if read is None else "", facts=facts)
    if role == "voice":
        return replace(made, card=card_head(path, digest) if read is None else "", facts=_as_voice(name, session, read))
    find = partial(faces_of, clips, faces)  # takes a while, so what does not fit is refused first
    if read is not None:
        adapter = adapter_of(shown_name(card) if card else name, read.raw, session)
        return _by_card(made, session, adapter, read, find)
    if [one.name for one in session.get_inputs()] == ["crop"] and "logit" in [o.name for o in session.get_outputs()]:
        described = replace(made, card=card_head(path, digest))
        return _by_card(described, session, adapter_of(name, {}, session), None, find)
    return _guessed(made, path, session, find)


def _as_faces(session: onnxruntime.InferenceSession) -> str:
    if yunet.serves(session):
        return "is a YuNet: BGR, 0 to 255, heads at strides 8, 16 and 32; its card needs no [input] or [output]"
    return "takes and gives what a faces model must"


def _as_voice(name: str, session: onnxruntime.InferenceSession, card: Card | None) -> tuple[str, ...]:
    count = check_voice(name, session)
    calibration = None if card is None else voice_calibration_of(card.name, card.raw)
    worth = (
        "the card has no [calibration], so a likeness is shown and counts for nothing"
        if calibration is None
        else f"calibrated on {calibration.samples} comparisons of {calibration.speakers} speakers"
    )
    return f"takes {BANDS} mel bands a frame and gives {count} values a window, of length one", worth


def _role(session: onnxruntime.InferenceSession) -> str:
    outputs = {one.name for one in session.get_outputs()}
    if {"scores", "boxes", "landmarks"} <= outputs or yunet.serves(session):
        return "faces"
    if takes_sound(session):
        return "voice"
    return "identity" if gives_vectors(session) else "forgery"


def _by_card(
    made: Probe, session: onnxruntime.InferenceSession, adapter: Adapter, card: Card | None, find: Callable[[], Faces]
) -> Probe:
    """A model with its card: does the score run the way that the card says?"""
    facts = ["made for this program: crop in, logit out"] if isinstance(adapter, Native) else [_as_said(adapter)]
    if card is not None and card.calibration is None:
        facts.append("the card has no [calibration], so its score counts for nothing yet; `models calibrate` makes one")
    faces = find()
    if faces.fake:
        measured = faces.auc(adapter.scores(session, faces.shown(adapter)))
        assert measured is not None
        facts.append(_measured(faces, measured))
        if measured < 0.5 - 2 * chance_spread(*faces.counts):
            raise ModelError(
                f"the score runs the wrong way on these clips (AUC {measured:.2f}); "
                "turn output.positive in the card round"
            )
    return replace(made, facts=tuple(facts))


def _as_said(adapter: Described) -> str:
    taken, given = adapter.input, adapter.output
    return (
        f"is fed {taken.size[0]} x {taken.size[1]} {taken.colours} as {taken.layout}, (pixel / {taken.scale:g} - mean) "
        f"/ std, and value {given.index} of {given.name} is a {given.kind} of {given.positive}"
    )


def _measured(faces: Faces, value: float) -> str:
    fake, real = faces.counts
    noise = chance_spread(fake, real)
    told = f"AUC {value:.2f} on {real} genuine and {fake} made files"
    if faces.skipped:
        told += f" ({faces.skipped} could not be read or show no face)"
    if abs(value - 0.5) < 2 * noise:
        told += f"; chance alone gives .5 +- {2 * noise:.2f}, so it may run either way"
    return told


def _guessed(made: Probe, path: Path, session: onnxruntime.InferenceSession, find: Callable[[], Faces]) -> Probe:
    """A model without a card: try how it may be fed, and write the lines that a card would need."""
    name = shown_name(path)
    layout, size = layout_of(name, session)
    output = _score_output(name, session, layout, size)
    faces = find()
    if not faces.pictures:
        faces = Faces(made_pictures(), [], [])
    tables = []
    for _, fed in RANGES:
        taken = replace(fed, layout=layout, size=size)
        shown = np.stack([taken.picture(rgb, box) for rgb, box in faces.pictures])
        values = np.asarray(run_batch(session, output, taken.batch(shown)), np.float64)
        tables.append(np.nan_to_num(values.reshape(len(shown), -1), nan=1e6, posinf=1e6, neginf=-1e6))
    kind, index = _kind(np.concatenate(tables))
    score = ScoreOutput(output, kind, index, "fake")
    tried = []
    for (words, _), table in zip(RANGES, tables, strict=True):
        logits = score.logits(table)
        tried.append(Tried(words, float(logits.std()), float((np.abs(logits) > CERTAIN).mean()), faces.auc(logits)))
    best = _likeliest(tried, faces)
    measured = tried[best].auc
    score = replace(score, positive="real" if measured is not None and measured < 0.5 else "fake")
    facts = [
        f"takes pictures as {layout}, {size[0]} x {size[1]}",
        f"{output} gives {tables[0].shape[1]} value(s) a picture, by their range read as {_KIND_WORDS[kind]}",
        f"values from {tried[best].values} are likely"
        if tried[best].plausible
        else "no usual range of values gives answers that depend on the picture; ask its maker how it is fed",
    ]
    sure = False
    if measured is None:
        facts.append("which way the score runs is not known: give labelled clips with --clips")
    else:
        sure = abs(measured - 0.5) >= 2 * chance_spread(*faces.counts)
        means = f"; a high value (number {index}) seems to mean {score.positive}" if sure else ""
        facts.append(_measured(faces, measured) + means)
    taken = replace(RANGES[best][1], layout=layout, size=size)
    lines = card_head(path, made.sha256) + _lines(taken, score, guessed=not sure)
    return replace(made, facts=tuple(facts), tried=tuple(tried), card=lines)


def _score_output(name: str, session: onnxruntime.InferenceSession, layout: str, size: tuple[int, int]) -> str:
    """The first output that gives one or two values a picture, as found by running the model."""
    batch = replace(RANGES[1][1], layout=layout, size=size).batch(np.full((1, *size, 3), 128, np.uint8))
    outputs = session.get_outputs()
    try:
        given: Sequence[Any] = session.run(None, {session.get_inputs()[0].name: batch})
    except Exception as error:
        line = (str(error).splitlines() or [type(error).__name__])[0][:160]
        raise ModelError(f"{name}: cannot be run on one picture of {size[0]} x {size[1]}: {line}") from error
    for one, values in zip(outputs, given, strict=True):
        table = np.asarray(values)
        if table.ndim and len(table) == 1 and table.size in (1, 2) and table.dtype.kind == "f":
            return str(one.name)
    if len(outputs) > 1:
        told = f"gives {len(outputs)} outputs ({', '.join(one.name for one in outputs[:3])} ...), none of them"
    else:
        told = f"gives {np.asarray(given[0]).size:,} values a picture, not"
    raise ModelError(f"{name}: {told} one score or two classes as a forgery model must")


def _kind(table: NDArray[np.float64]) -> tuple[str, int]:
    """Kind and index of the value that is read as a score."""
    inside = bool(((table >= 0) & (table <= 1)).all())
    if table.shape[1] == 1:
        return ("probability" if inside else "logit"), 0
    if inside and bool(np.allclose(table.sum(axis=1), 1, atol=1e-3)):
        return "probability", 1
    return "logits", 1


def _likeliest(tried: list[Tried], faces: Faces) -> int:
    """The first plausible range, unless the labels speak for another by more than their noise."""
    places = [place for place, one in enumerate(tried) if one.plausible] or list(range(len(tried)))
    best = places[0]
    if faces.fake:
        noise = chance_spread(*faces.counts)
        for place in places[1:]:
            if abs((tried[place].auc or 0.5) - 0.5) > abs((tried[best].auc or 0.5) - 0.5) + noise:
                best = place
    return best


def _lines(taken: ImageInput, score: ScoreOutput, *, guessed: bool) -> str:
    """[input] and [output] of a card."""
    unsure = "  # a guess: measure it with --clips" if guessed else ""
    return (
        f'{input_lines(taken)}crop = "tight"\n{output_line(score.name)}'
        f'kind = "{score.kind}"\nindex = {score.index}\npositive = "{score.positive}"{unsure}\n'
    )


__all__ = ["Probe", "Tried", "probe"]
