"""Examine one file or address now, and say it in the documented JSON shape (docs/json.md)."""

from __future__ import annotations

import logging
import stat
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.enrol import Enrolment
from bot.errors import BotError, SourceError
from bot.pipeline import convert
from bot.pipeline.examine import examine
from bot.sources.contract import Fetched, FetchRequest, Outcome
from bot.sources.registry import handle_of, platform_of
from bot.sources.subtitles import sidecar
from bot.sources.worker import SourceWorker
from bot.verdict import Case, Verdict, judge
from bot.workers import LimitedExecutor
from detectors.context import consider
from detectors.contract import Examination
from detectors.errors import ClipError, DetectorError
from detectors.screen_text import text_of
from detectors.specimen import Person, ProfileText, Specimen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One source and what came of it: an examination with its verdict, or one line that says why not."""

    source: str
    examination: Examination | None = None
    verdict: Verdict | None = None
    error: str | None = None
    code: str | None = None


class Scanner:
    """Examines files and addresses for one person, in worker processes.

    Args:
        config: limits and models; the store of the configuration is not touched.
        executor: where the examination runs.
        sources: how an address is fetched.
        person: whom the clips might show, or None.
    """

    def __init__(self, config: Config, executor: LimitedExecutor, sources: SourceWorker, person: Person | None) -> None:
        self._config = config
        self._executor = executor
        self._sources = sources
        self._person = person
        self._enrolment = Enrolment()

    def scan(self, source: str) -> Scanned:
        """Examine one file or address; whatever is wrong with it is in the result, never raised."""
        try:
            if "://" in source:
                return self._scan_address(source)
            return self._examined(source, Path(source), None, None)
        except SourceError as error:
            return _refused(source, str(error), "unsupported")
        except (DetectorError, BotError) as error:
            return _refused(source, str(error), "failed")
        except Exception as error:
            # a fault of ours or of a library on one clip must not keep the others from being examined
            log.exception("%r could not be examined", source)
            return _refused(source, f"{type(error).__name__}: {error}", "failed")

    def _scan_address(self, url: str) -> Scanned:
        with tempfile.TemporaryDirectory(prefix="doppelwatch-scan-") as folder:
            limits = self._config.limits
            fetched = self._sources.fetch(
                FetchRequest(
                    url=url, into=Path(folder), max_bytes=limits.file_size, deadline_s=limits.time.total_seconds()
                )
            )
            if fetched.outcome is not Outcome.OK or fetched.path is None:
                return _refused(url, fetched.detail or str(fetched.outcome), str(fetched.outcome))
            return self._examined(url, fetched.path, _words(url, fetched), fetched)

    def _examined(self, source: str, path: Path, words: ProfileText | None, fetched: Fetched | None) -> Scanned:
        missing = _why_no_file(path)
        if missing is not None:
            return _refused(source, missing, "no_such_file")
        enrolled = self._enrolment.references(self._config.in_force(datetime.now(UTC)), self._executor)
        try:
            examination = self._executor.submit(examine, path, words, self._person, self._config, enrolled).result()
        except ClipError as error:
            return _refused(source, str(error).removeprefix(f"{path.name}: "), error.code)
        post = fetched.post if fetched is not None else None
        examination = _with_context(
            examination,
            Specimen(
                profile=words,
                person=self._person,
                subtitles=post.subtitles if post is not None else sidecar(path),
                screen_text=text_of(examination.findings),
            ),
        )
        profile = fetched.profile if fetched is not None else None
        verdict = judge(
            Case(
                findings=examination.findings,
                person=self._person,
                platform=words.platform if words is not None else "",
                handle=(words.handle or "") if words is not None else "",
                views=post.views if post is not None else None,
                likes=post.likes if post is not None else None,
                followers=profile.followers if profile is not None else None,
            )
        )
        return Scanned(source, examination=examination, verdict=verdict)


def _with_context(examination: Examination, specimen: Specimen) -> Examination:
    """The examination with what the detectors of the context say, and how long they took."""
    started = time.perf_counter()
    findings = (*examination.findings, *consider(specimen))
    elapsed_s = {**examination.elapsed_s, "context": time.perf_counter() - started}
    return replace(examination, findings=findings, elapsed_s=elapsed_s)


def _refused(source: str, why: str, code: str) -> Scanned:
    """One source that could not be examined, and why in one line that names it as it was given."""
    line = why if why.startswith(source) else f"{source}: {why}"
    return Scanned(source, error=" ".join(line.split()), code=code)


def _why_no_file(path: Path) -> str | None:
    """Why there is no file to examine at this path, or None where there is one."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "does not exist"
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"
    if stat.S_ISDIR(mode):
        return "is a folder; name its files"
    return None if stat.S_ISREG(mode) else "is not a plain file"


def _words(url: str, fetched: Fetched) -> ProfileText:
    """What the account and the post said of themselves, as far as the fetch saw it."""
    post, profile = fetched.post, fetched.profile
    return ProfileText(
        platform=platform_of(url),
        handle=(profile.handle if profile is not None else None) or handle_of(url) or None,
        display_name=profile.display_name if profile is not None else None,
        bio=profile.bio if profile is not None else None,
        caption=post.caption if post is not None else None,
        ai_label=post.ai_label if post is not None else None,
    )


def as_json(scanned: Scanned) -> Mapping[str, Any]:
    """One object in the documented shape: the contract of `scan --json`."""
    if scanned.examination is None or scanned.verdict is None:
        return {"source": scanned.source, "error": scanned.error, "code": scanned.code}
    examination, verdict = scanned.examination, scanned.verdict
    return {
        "source": scanned.source,
        "duration_s": round(examination.duration_s, 3),
        "tracks": examination.tracks,
        "questions": {
            str(question): {
                "log10_lr": None if weight.log10_lr is None else round(weight.log10_lr, 4),
                "support": weight.support,
            }
            for question, weight in verdict.questions.items()
        },
        "findings": [
            {
                "detector": finding.detector,
                "version": finding.version,
                "question": str(finding.question),
                "status": str(finding.status),
                "reason": None if finding.reason is None else str(finding.reason),
                "score": None if finding.score is None else round(finding.score, 5),
                "unit": finding.unit,
                "log10_lr": round(finding.log10_lr, 4),
                "statement": finding.statement,
                "exhibits": [convert.exhibit_mapping(exhibit) for exhibit in finding.exhibits],
            }
            for finding in examination.findings
        ],
        "verdict": {"label": str(verdict.label), "priority": str(verdict.priority), "summary": verdict.summary},
        "elapsed_s": {stage: round(seconds, 4) for stage, seconds in examination.elapsed_s.items()},
        "notes": list(examination.notes),
    }
