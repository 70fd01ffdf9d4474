"""Examine one file or address now, and say it in the documented JSON shape (docs/json.md)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.errors import BotError, SourceError
from bot.pipeline import convert
from bot.pipeline.examine import clip_limits, model_set
from bot.sources.contract import Fetched, FetchRequest, Outcome
from bot.sources.registry import handle_of, platform_of
from bot.sources.worker import SourceWorker
from bot.verdict import Case, Verdict, judge
from bot.workers import LimitedExecutor
from detectors.contract import Examination, Person, ProfileText
from detectors.errors import ClipError, DetectorError
from detectors.examine import examine


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

    def scan(self, source: str) -> Scanned:
        """Examine one file or address; whatever is wrong with it is in the result, never raised."""
        try:
            if "://" in source:
                return self._scan_address(source)
            return self._examined(source, Path(source), None, None)
        except ClipError as error:
            return Scanned(source, error=str(error), code=error.code)
        except SourceError as error:
            return Scanned(source, error=str(error), code="unsupported")
        except (DetectorError, BotError) as error:
            return Scanned(source, error=str(error), code="failed")

    def _scan_address(self, url: str) -> Scanned:
        with tempfile.TemporaryDirectory(prefix="doppelwatch-scan-") as folder:
            limits = self._config.limits
            fetched = self._sources.fetch(
                FetchRequest(
                    url=url, into=Path(folder), max_bytes=limits.file_size, deadline_s=limits.time.total_seconds()
                )
            )
            if fetched.outcome is not Outcome.OK or fetched.path is None:
                return Scanned(url, error=f"{url}: {fetched.detail or fetched.outcome}", code=str(fetched.outcome))
            return self._examined(url, fetched.path, _words(url, fetched), fetched)

    def _examined(self, source: str, path: Path, words: ProfileText | None, fetched: Fetched | None) -> Scanned:
        if not path.is_file():
            what = "is a folder; name its files" if path.is_dir() else "does not exist"
            return Scanned(source, error=f"{source}: {what}", code="no_such_file")
        future: Future[Examination] = self._executor.submit(
            examine,
            path,
            profile=words,
            person=self._person,
            limits=clip_limits(self._config),
            models=model_set(self._config),
        )
        examination = future.result()
        post = fetched.post if fetched is not None else None
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
