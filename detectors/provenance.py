"""The `provenance` detector: what the file itself says of its making.

Platforms remove nearly all of this when they encode anew, so that its absence says nothing either way.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from detectors.contract import Exhibit, ExhibitKind, Finding, Question, Reason, Status
from detectors.provenance_manifest import Credentials, Origin, State, credentials
from detectors.provenance_traces import Kind, Trace, traces
from detectors.specimen import Specimen
from detectors.spelling import shown

WORTH = {
    (State.TRUSTED, Origin.GENERATED): 2.0,
    (State.INTACT, Origin.GENERATED): 1.5,
    (State.TRUSTED, Origin.PARTLY_GENERATED): 1.0,
    (State.INTACT, Origin.PARTLY_GENERATED): 0.7,
    (State.TRUSTED, Origin.CAPTURED): -1.0,
    (State.INTACT, Origin.CAPTURED): -0.3,
}
"""log10 likelihood ratio of what credentials say; set by judgement, no labelled cases stand behind it.

Who signs that a machine made it says so against their interest, so a stranger's signature is worth nearly as much as a
known one; which part was generated is left open by a composite, and it may be the background. That a camera took it is
what a forger would sign, so that a stranger's word is worth two to one, a known signer's ten to one: a screen can be
filmed.
"""

UNSIGNED = 0.3
"""Of a label of synthetic content, or a generator's name, in plain text: two to one, by judgement.

Anybody can write it, and it may tell of a title or a filter. The label is moreover mostly what the platform then shows
as its own, which :mod:`detectors.provenance_label` counts in full; one label must not count twice.
"""

_MOST_TOLD = 4


class Provenance:
    """Reads content credentials (C2PA) and what programs wrote into the container."""

    name = "provenance"
    version = "2"
    question: ClassVar[Question] = Question.SYNTHESIS
    reads_tracks: ClassVar[bool] = False

    def __init__(self, trust_list: Path | None = None) -> None:
        """`trust_list` names certificates in PEM that signers may go back to; without it no signer is trusted."""
        self.trust_list = trust_list

    def examine(self, specimen: Specimen) -> Finding:
        """Say what the file tells of its making; not applicable where it tells nothing.

        Raises:
            OSError: the file cannot be read.
        """
        if specimen.path is None:
            return self._silent("There is no file to read.", Reason.NO_CONTAINER_DATA)
        signed, found = credentials(specimen.path, self.trust_list), traces(specimen.path)
        if signed is not None and signed.state is State.NO_READER and not found:
            return self._silent(
                "The file carries content credentials (C2PA), which cannot be read without the extra c2pa.",
                Reason.NO_READER,
            )
        if signed is None and not found:
            return self._silent(
                "The file carries neither content credentials nor a trace of what made it, as most files from "
                "platforms; that says nothing.",
                Reason.NO_CONTAINER_DATA,
            )
        worth = _together(_worth(signed), _worth_of_traces(found))
        parts = [*([] if signed is None else [_told(signed)]), *_told_traces(found)]
        if not worth:
            parts.append("None of this speaks for or against synthesis.")
        return Finding(
            self.name, self.version, self.question, Status.OK, " ".join(parts),
            score=worth, unit="log10 likelihood ratio", log10_lr=worth,
            exhibits=tuple(
                Exhibit(ExhibitKind.TEXT, str(one.kind), field=shown(one.field), text=shown(one.text, 200))
                for one in found
            ),
        )  # fmt: skip

    def _silent(self, statement: str, reason: Reason) -> Finding:
        return Finding(self.name, self.version, self.question, Status.NOT_APPLICABLE, statement, reason)


def _together(signed: float, found: float) -> float:
    """Both come from one file and are not independent: the larger support counts, and support goes before doubt."""
    return found if found > max(signed, 0.0) else signed


def _worth(signed: Credentials | None) -> float:
    return 0.0 if signed is None else WORTH.get((signed.state, signed.origin), 0.0)


def _worth_of_traces(found: tuple[Trace, ...]) -> float:
    kinds = {one.kind for one in found}
    return UNSIGNED if kinds & {Kind.LABEL, Kind.GENERATOR} else 0.0


def _told(signed: Credentials) -> str:
    """What the credentials say, in a sentence or two."""
    if signed.state is State.NO_READER:
        return "The file carries content credentials (C2PA), which cannot be read without the extra c2pa."
    if signed.state is State.INVALID:
        return (
            f"The file carries content credentials (C2PA) that are not valid ({shown(signed.problem, 120)}), so that "
            "what they say does not count."
        )
    says = {
        Origin.GENERATED: "say that a trained model generated it",
        Origin.PARTLY_GENERATED: "say that parts of it were generated by a trained model",
        Origin.CAPTURED: "say that a camera took it and nothing in the picture was changed since",
        Origin.UNSAID: "do not say what the pictures come from",
    }[signed.origin]
    by = f", signed by {shown(signed.signer)}" if signed.signer else ""
    made_with = f", written by {shown(signed.made_with)}" if signed.made_with else ""
    who = "a signer on the trust list" if signed.state is State.TRUSTED else "a signer whom no trust list here names"
    return f"Content credentials (C2PA) that fit the file {says}{made_with}{by}, {who}."


def _told_traces(found: tuple[Trace, ...]) -> list[str]:
    """What the traces say, a sentence for each group."""
    told = []
    named = {kind: [shown(one.name) for one in found if one.kind is kind][:_MOST_TOLD] for kind in Kind}
    if named[Kind.LABEL]:
        told.append(f"The container labels it as synthetic content ({', '.join(named[Kind.LABEL])}), unsigned.")
    if named[Kind.GENERATOR]:
        told.append(f"The container names a generator: {', '.join(named[Kind.GENERATOR])}, unsigned.")
    rest = [*named[Kind.EDITOR], *named[Kind.CAMERA], *named[Kind.ENCODER]][:_MOST_TOLD]
    if rest:
        told.append(f"The container names {', '.join(rest)}, as anybody can write.")
    return told
